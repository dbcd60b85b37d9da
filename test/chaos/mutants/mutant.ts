/** A mutant: in `file`, `before` (which must occur exactly once) is replaced by `after`. */
export interface Mutant {
  file: string;
  before: string;
  after: string;
}
