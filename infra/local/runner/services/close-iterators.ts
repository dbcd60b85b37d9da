import { createRequire } from "node:module";

type Iterator = { close(): Promise<void>; return?: () => Promise<void> };
interface AbstractLevelModule {
  AbstractKeyIterator: { prototype: Iterator };
  AbstractValueIterator: { prototype: Iterator };
}

/**
 * Makes dynalite 4 close the iterators of its store. It calls `return()`, which iterators of abstract-level 3 do not
 * have. An open iterator stays in memory, with a copy of what it has read, until the store is closed: 44 KB for each
 * query of ten rows.
 * https://github.com/Level/abstract-level#iteratorclose
 */
export function closeIterators(): void {
  const ofDynalite = createRequire(createRequire(import.meta.url).resolve("dynalite"));
  const ofLevel = createRequire(ofDynalite.resolve("level"));
  const { AbstractKeyIterator, AbstractValueIterator } = ofLevel("abstract-level") as AbstractLevelModule;
  for (const { prototype } of [AbstractKeyIterator, AbstractValueIterator]) {
    prototype.return = function () {
      return this.close();
    };
  }
}
