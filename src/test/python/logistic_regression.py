"""scikit-learn's logistic regression on embeddings that TrainingBench wrote, for comparison."""

import sys
import time
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler


def read(path):
    raw = path.read_bytes()
    rows, width = np.frombuffer(raw, "<i4", 2)
    labels = np.frombuffer(raw, "<i4", rows, 8)
    return np.frombuffer(raw, "<f4", rows * width, 8 + 4 * rows).reshape(rows, width), labels


folder = Path(sys.argv[1])
x, y = read(folder / "train")
unseen, right = read(folder / "test")
for name, scaler in (("as they come", None), ("standardised", StandardScaler())):
    start = time.perf_counter()
    known = scaler.fit_transform(x) if scaler else x
    model = LogisticRegression(max_iter=1000).fit(known, y)
    seconds = time.perf_counter() - start
    score = model.score(scaler.transform(unseen) if scaler else unseen, right)
    print(f"  {'scikit-learn, all, ' + name:40} {seconds:8.2f} s   {100 * score:6.2f} %", flush=True)
