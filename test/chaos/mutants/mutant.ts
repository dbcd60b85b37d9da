/** A defect: in this file, `before` (there just once) becomes `after`. */
export interface Mutant {
  file: string;
  before: string;
  after: string;
}
