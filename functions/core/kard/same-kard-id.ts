/** Whether two texts are the same id of Kard. Upper and lower case are the same id. */
export function isSameKardId(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}
