import type {TerraformFacts, Value} from '../repo/terraform/terraform.ts'

/** A header that the load balancer adds to every answer; `name` in lower case. */
export type BalancerHeader = {name: string; value: string; file: string; line: number}

const balanced = /^google_compute_(?:region_)?(?:backend_service|backend_bucket|url_map)$/

/** Headers that Terraform has the load balancer send: `custom_response_headers` and `response_headers_to_add`. */
export const balancerHeaders = ({roots}: TerraformFacts): BalancerHeader[] =>
  roots.flatMap(({resources}) => resources.filter(({type}) => balanced.test(type)).flatMap(({body}) => headersOf(body, 0)))

const headersOf = (value: Value, depth: number): BalancerHeader[] => {
  if (depth > 8) return []
  if (value.is === 'list') return value.items.flatMap((item) => headersOf(item, depth + 1))
  if (value.is !== 'object') return []
  const {fields} = value
  const [name, content] = [textIn(fields['header_name']), textIn(fields['header_value'])]
  const own =
    name === undefined || content === undefined ? [] : [{name: name.toLowerCase(), value: content, file: value.file, line: value.line}]
  return [
    ...own,
    ...Object.entries(fields).flatMap(([key, field]) => (key === 'custom_response_headers' ? linesOf(field) : headersOf(field, depth + 1))),
  ]
}

const linesOf = (value: Value): BalancerHeader[] =>
  value.is !== 'list'
    ? []
    : value.items.flatMap((item) => {
        const text = textIn(item) ?? ''
        const colon = text.indexOf(':')
        return colon > 0
          ? [{name: text.slice(0, colon).trim().toLowerCase(), value: text.slice(colon + 1).trim(), file: item.file, line: item.line}]
          : []
      })

const textIn = (value: Value | undefined): string | undefined =>
  value?.is === 'known' && typeof value.value === 'string' ? value.value : undefined
