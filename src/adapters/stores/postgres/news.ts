/**
 * Decides how handles in other processes hear that something was appended: by NOTIFY behind the commit, at most once in five
 * milliseconds, on a connection of its own that is made when it is needed. It is a courtesy: whoever hears nothing looks again
 * after a while, so a connection that cannot be had costs time and nothing else.
 */

/** What is needed of a connection: a client of `pg` that is not part of a pool. */
export interface NewsLine {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  end(): Promise<unknown>;
  on(event: 'error' | 'notification', listener: () => void): unknown;
}

const silenceMs = 5;
/** How long a line that broke is not tried again. */
const restMs = 5000;

export class News {
  readonly #channel: string;
  readonly #newLine: () => NewsLine;
  readonly #onNews: () => void;
  #line: Promise<NewsLine | null> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #restUntilMs = 0;
  #isListening = false;
  #isEnded = false;
  /** Never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(channel: string, newLine: () => NewsLine, onNews: () => void) {
    this.#channel = `"${channel}"`;
    this.#newLine = newLine;
    this.#onNews = onNews;
  }

  /** True while news of others arrives by itself. */
  get isListening(): boolean {
    return this.#isListening;
  }

  tell(): void {
    if (this.#timer !== null || this.#isEnded) return;
    const send = (): void => {
      this.#timer = null;
      void this.#say(`NOTIFY ${this.#channel}`);
    };
    this.#timer = setTimeout(send, silenceMs).unref();
  }

  async listen(): Promise<void> {
    if (!this.#isListening) this.#isListening = await this.#say(`LISTEN ${this.#channel}`);
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#last;
    const line = await this.#line;
    await line?.end().catch(nothing);
  }

  /** False when it could not be said. One after another: a connection does one thing at a time. */
  #say(text: string): Promise<boolean> {
    const said = this.#last.then(() => this.#sayNow(text));
    this.#last = said;
    return said;
  }

  async #sayNow(text: string): Promise<boolean> {
    const line = await this.#connected();
    if (line === null || this.#isEnded) return false;
    try {
      await line.query(text);
      return true;
    } catch {
      this.#drop();
      return false;
    }
  }

  async #connected(): Promise<NewsLine | null> {
    if (this.#isEnded || performance.now() < this.#restUntilMs) return null;
    this.#line ??= this.#connect();
    return this.#line;
  }

  async #connect(): Promise<NewsLine | null> {
    const line = this.#newLine();
    line.on('error', () => this.#drop());
    line.on('notification', this.#onNews);
    try {
      await line.connect();
      return line;
    } catch {
      this.#drop();
      return null;
    }
  }

  #drop(): void {
    const line = this.#line;
    this.#line = null;
    this.#isListening = false;
    this.#restUntilMs = performance.now() + restMs;
    void line?.then((open) => open?.end()).catch(nothing);
  }
}

/** A line that is broken cannot be ended in good order either. */
function nothing(): void {}
