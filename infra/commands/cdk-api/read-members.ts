/** A documented member of an interface or class. */
export interface Member {
  /** With a `?` if it is optional; a method's has its parameters. */
  name: string;
  type: string;
  description: string;
  /** After `@default`. */
  defaultValue: string | undefined;
}

/** A documented interface or class, with its documented members in the order of the source. */
export interface Declaration {
  name: string;
  description: string;
  members: Member[];
}

/** A doc comment and what it documents, up to the end of that or the beginning of its body. */
const documented = /^( *)\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s+((?:(?!\/\*\*)[\s\S])+?[;{])[ ]*\n/gm;
const declaration = /^export (?:interface|class) (\w+)/;
const property = /^readonly (\w+\??): ([\s\S]+);$/;
const method = /^(\w+\([\s\S]*\)): ([\s\S]+) \{$/;

/**
 * Reads the documented interfaces and classes of a TypeScript source, as Biome formats it.
 *
 * @throws Error for a documented member that is neither a readonly property nor a method
 */
export function readDeclarations(source: string): Declaration[] {
  const found: Declaration[] = [];
  for (const [, indent, comment = "", code = ""] of source.matchAll(documented)) {
    const { description, defaultValue } = readComment(comment);
    const [, name] = declaration.exec(code) ?? [];
    if (name !== undefined) {
      found.push({ name, description, members: [] });
      continue;
    }
    if (indent === "") continue;
    const [, signature, type] = property.exec(code) ?? method.exec(code) ?? [];
    const owner = found.at(-1);
    if (signature === undefined || type === undefined || owner === undefined)
      throw new Error(`cannot read what is documented here: ${code.slice(0, 80)}`);
    owner.members.push({ name: oneLine(signature), type: oneLine(type), description, defaultValue });
  }
  return found;
}

function readComment(comment: string): Pick<Member, "description" | "defaultValue"> {
  const text = oneLine(comment.replace(/^\s*\* ?/gm, ""));
  const [, description = "", defaultValue] = /^(.*?) ?(?:@default (.+?))? ?(?:@throws .+)?$/.exec(text) ?? [];
  return { description, defaultValue };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
