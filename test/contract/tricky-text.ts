import fc from "fast-check";

/** Short texts of the characters that keys are joined and encoded with, among others. */
export const trickyText = fc.string({
  unit: fc.constantFrom("#", "%", "2", "3", "5", "a", "ß", "日", "🧾", "é", "/", '"', "\\"),
  minLength: 1,
  maxLength: 6,
});
