import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'

export type Path = readonly (string | number)[]
export type Position = { line: number; column: number }

/** Where things stand in the text of a JSON document. */
export type Locator = {
  /** Of the value at the path; of the nearest enclosing value where there is none. */
  value(path: Path): Position
  /** Of the name of the entry at the path, otherwise as `value`. */
  key(path: Path): Position
  /** Entries whose name the same object has before. JSON itself would silently let the last one win. */
  duplicates: { path: Path; first: Position }[]
}

/** The text must be JSON already; the YAML parser is asked for positions only. */
export const locate = (text: string): Locator => {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: false, schema: 'json' })
  const values = new Map<string, Position>()
  const keys = new Map<string, Position>()
  const duplicates: Locator['duplicates'] = []
  const position = (node: Node | null): Position => {
    const { line, col } = counter.linePos(node?.range?.[0] ?? 0)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const walk = (node: unknown, path: Path): void => {
    if (isMap<Node, Node>(node)) {
      for (const { key, value } of node.items) {
        const inner = [...path, isScalar(key) ? String(key.value) : String(key)]
        const id = JSON.stringify(inner)
        const first = keys.get(id)
        if (first !== undefined) duplicates.push({ path: inner, first })
        keys.set(id, position(key))
        values.set(id, position(value ?? key))
        walk(value, inner)
      }
    }
    if (isSeq<Node>(node)) {
      for (const [index, item] of node.items.entries()) {
        values.set(JSON.stringify([...path, index]), position(item))
        walk(item, [...path, index])
      }
    }
  }
  walk(document.contents, [])
  const value = (path: Path): Position =>
    values.get(JSON.stringify(path)) ?? (path.length === 0 ? position(document.contents) : value(path.slice(0, -1)))
  return { value, key: (path) => keys.get(JSON.stringify(path)) ?? value(path), duplicates }
}
