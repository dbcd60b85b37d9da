import fc from "fast-check";

/** Short texts, many with the separators and escapes of keys. */
export const trickyText = fc.string({
  unit: fc.constantFrom("#", "%", "2", "3", "5", "a", "ß", "日", "🧾", "é", "/", '"', "\\", ","),
  minLength: 1,
  maxLength: 6,
});
