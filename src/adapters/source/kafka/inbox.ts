// What was fetched and not read yet: first in, first out, bounded by bytes. One side puts in and waits for room, the
// other takes out and waits for more.

/** A bounded queue between the fetching and the reading. */
export class Inbox<Item> {
  #items: { item: Item; bytes: number }[] = [];
  #first = 0;
  #bytes = 0;
  #wakeReader: (() => void) | null = null;
  #wakeWriter: (() => void) | null = null;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#first === this.#items.length;
  }

  get isFull(): boolean {
    return this.#bytes >= this.#maxBytes;
  }

  put(item: Item, bytes: number): void {
    this.#items.push({ item, bytes });
    this.#bytes += bytes;
    this.#wakeReader?.();
  }

  peek(): Item | undefined {
    return this.#items[this.#first]?.item;
  }

  take(): Item | undefined {
    const taken = this.#items[this.#first];
    if (taken === undefined) return undefined;
    this.#first++;
    this.#bytes -= taken.bytes;
    if (this.isEmpty) this.#forget();
    if (!this.isFull) this.#wakeWriter?.();
    return taken.item;
  }

  /** Throws away all that is in it. */
  clear(): void {
    this.#forget();
    this.#bytes = 0;
    this.#wakeWriter?.();
  }

  /** Waits until there is something, or the signal says stop. */
  async waitForItem(signal: AbortSignal): Promise<void> {
    if (!this.isEmpty || signal.aborted) return;
    await new Promise<void>(resolve => {
      const wake = () => {
        this.#wakeReader = null;
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakeReader = wake;
      signal.addEventListener('abort', wake);
    });
  }

  /** Waits until there is room, but no longer than that. */
  async waitForRoom(maxMs: number): Promise<void> {
    if (!this.isFull) return;
    await new Promise<void>(resolve => {
      const wake = () => {
        this.#wakeWriter = null;
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(wake, maxMs);
      this.#wakeWriter = wake;
    });
  }

  #forget(): void {
    this.#items = [];
    this.#first = 0;
  }
}
