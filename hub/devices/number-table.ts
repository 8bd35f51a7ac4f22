/**
 * Rows of numbers, a thousand to a block: what every device has, without an object, a heap number or work for the
 * garbage collector. Rows are never given back: something may still hold the row of a device that became another one.
 */
const rowsPerBlock = 1024;

type Numbers = Float64Array | Int16Array;

export class NumberTable {
  readonly #Block: new (length: number) => Numbers;
  readonly #columns: number;
  readonly #blocks: Numbers[] = [];
  #rows = 0;

  /** @param Block what the numbers fit into */
  constructor(Block: new (length: number) => Numbers, columns: number) {
    this.#Block = Block;
    this.#columns = columns;
  }

  /** A row of zeros. @returns its number */
  add(): number {
    if (this.#rows % rowsPerBlock === 0) this.#blocks.push(new this.#Block(rowsPerBlock * this.#columns));
    return (this.#rows += 1) - 1;
  }

  get(row: number, column: number): number {
    return this.#blocks[Math.floor(row / rowsPerBlock)]?.[this.#place(row, column)] ?? Number.NaN;
  }

  set(row: number, column: number, value: number): void {
    const block = this.#blocks[Math.floor(row / rowsPerBlock)];
    if (block !== undefined) block[this.#place(row, column)] = value;
  }

  #place(row: number, column: number): number {
    return (row % rowsPerBlock) * this.#columns + column;
  }
}
