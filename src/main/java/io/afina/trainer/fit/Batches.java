package io.afina.trainer.fit;

import ai.djl.ndarray.NDArray;

/** Rows of numbers with a label each, on the engine's device, that are read batch by batch. */
interface Batches {

  /** How many rows there are. */
  int size();

  /** Numbers of a row. */
  int width();

  /** How many labels there are. */
  int labels();

  /** Reads all rows once. */
  void forEach(Action action);

  /** What is done with a batch. */
  interface Action {
    /**
     * Called for every batch in turn.
     *
     * @param batch its number, from 0
     * @param x {@code [rows, width]}; its manager is closed after the call
     * @param y targets, {@code [rows]}
     */
    void accept(int batch, NDArray x, NDArray y);
  }
}
