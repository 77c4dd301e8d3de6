"""scikit-learn's classifiers on embeddings that TrainingBench wrote, for comparison."""

import sys
import time
import warnings
from pathlib import Path

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, Normalizer, StandardScaler
from sklearn.svm import SVC

warnings.simplefilter("ignore", ConvergenceWarning)


def read(path):
    raw = path.read_bytes()
    rows, width = np.frombuffer(raw, "<i4", 2)
    labels = np.frombuffer(raw, "<i4", rows, 8)
    return np.frombuffer(raw, "<f4", rows * width, 8 + 4 * rows).reshape(rows, width), labels


class NearestMean:
    """The label whose examples' mean direction is nearest by cosine."""

    def fit(self, x, y):
        x = Normalizer().transform(x)
        self.means = Normalizer().transform(np.stack([x[y == label].mean(0) for label in np.unique(y)]))
        self.labels = np.unique(y)
        return self

    def score(self, x, y):
        return np.mean(self.labels[(x @ self.means.T).argmax(1)] == y)


def shift_and_scale(x):
    mean, deviation = x.mean(), x.std()
    return FunctionTransformer(lambda z: (z - mean) / deviation)


def report(name, model):
    start = time.perf_counter()
    model.fit(x, y)
    seconds = time.perf_counter() - start
    print(f"  {'scikit-learn ' + name:42} {100 * model.score(unseen, right):6.2f} % {seconds:8.2f} s", flush=True)


folder = Path(sys.argv[1])
x, y = read(folder / "train")
unseen, right = read(folder / "test")
for c in (1, 0.1, 0.01):
    report(f"LogisticRegression(C={c})", LogisticRegression(C=c, max_iter=1000))
report("SVC(C=3), standardised", make_pipeline(StandardScaler(), SVC(C=3)))
for seed in range(2):
    mlp = MLPClassifier((1024,), alpha=0.01, max_iter=25, random_state=seed)
    report(f"MLPClassifier, seed {seed}", make_pipeline(shift_and_scale(x), mlp))

few = {}
for line in (folder / "few").read_text().splitlines():
    rows = np.array(line.split(), int)
    few.setdefault(len(rows) // len(np.unique(y)), []).append(rows)
for each, draws in few.items():
    models = {"nearest mean": NearestMean, "LogisticRegression": lambda: LogisticRegression(max_iter=1000)}
    if each > 1:
        models["shrunken LDA"] = lambda: LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    for name, model in models.items():
        scores = [model().fit(x[rows], y[rows]).score(unseen, right) for rows in draws]
        print(f"  scikit-learn {name}, {each} a label {100 * np.mean(scores):6.2f} %", flush=True)
