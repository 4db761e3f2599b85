/** What the engine must know of an item besides its behaviour: its id and its two relations (contract, "needs" and "after"). */
export type Node = {id: string; needs: readonly string[]; after: readonly string[]}

/** The nodes of `ids` and everything they need, transitively, in the order of `nodes`. */
export const withNeeds = <N extends Node>(nodes: readonly N[], ids: Iterable<string>): N[] => {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const wanted = new Set<string>()
  const visit = (id: string) => {
    const node = byId.get(id)
    if (node === undefined || wanted.has(id)) return
    wanted.add(id)
    node.needs.forEach(visit)
  }
  for (const id of ids) visit(id)
  return nodes.filter((node) => wanted.has(node.id))
}

/** `ids` in the order of applying: after what they need and come after; ties keep the order of `nodes`. */
export const applyOrder = (nodes: readonly Node[], ids: Iterable<string>): string[] => {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const wanted = new Set(ids)
  const order: string[] = []
  const seen = new Set<string>()
  const visit = (node: Node) => {
    if (seen.has(node.id)) return
    seen.add(node.id)
    for (const before of [...node.needs, ...node.after]) {
      const other = byId.get(before)
      if (other !== undefined) visit(other)
    }
    if (wanted.has(node.id)) order.push(node.id)
  }
  nodes.forEach(visit)
  return order
}
