const token = /\s*(<=|>=|<>|[()=<>,+-]|[#:]?[A-Za-z_][\w.#]*)/y;

/** The unread rest of an expression. Unsupported syntax is an error. */
export class Tokens {
  private readonly all: string[] = [];
  private readonly text: string;
  private at = 0;
  constructor(text: string) {
    this.text = text;
    token.lastIndex = 0;
    while (token.lastIndex < text.trimEnd().length) {
      const found = token.exec(text);
      if (found?.[1] === undefined) throw new Error(`not understood: ${text}`);
      this.all.push(found[1]);
    }
  }
  peek = () => this.all[this.at]?.toUpperCase();
  next(): string {
    const token = this.all[this.at++];
    if (token === undefined) throw new Error(`ends too early: ${this.text}`);
    return token;
  }
  take(word: string): boolean {
    if (this.peek() !== word) return false;
    this.at++;
    return true;
  }
  expect(word: string): void {
    if (!this.take(word)) throw new Error(`${word} is expected: ${this.text}`);
  }
  end(): void {
    if (this.peek() !== undefined) throw new Error(`not understood from ${this.peek()} on: ${this.text}`);
  }
}
