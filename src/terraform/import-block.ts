/** One resource that exists, where a module of `infra/` declares it, and the id by which the google provider imports it. */
export type ImportBlock = {
  /** Address in the environment's root: `module.networking.google_compute_network.main`. */
  to: string
  /** As the provider's documentation has it for the type. */
  id: string
}

const quoted = (text: string): string => JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{')

/** The blocks as HCL, in the order given (https://developer.hashicorp.com/terraform/language/import). */
export const renderImports = (blocks: readonly ImportBlock[]): string =>
  blocks.map(({to, id}) => `import {\n  to = ${to}\n  id = ${quoted(id)}\n}`).join('\n\n')
