import {withoutBraces} from '../repo/docker/interpolation.ts'

/** What a content security policy leaves open; `open` where what it says of scripts is only known when nginx runs. */
export const weaknessesOf = (policy: string): {weak: string[]; open?: string} => {
  const directives = new Map<string, string[]>()
  for (const part of policy.split(';')) {
    const [name = '', ...sources] = part.trim().toLowerCase().split(/\s+/)
    // Of a directive that is given twice the first counts.
    if (name !== '' && !directives.has(name)) directives.set(name, sources)
  }
  const usual = directives.get('default-src')
  const weak: string[] = []
  const scripts = directives.get('script-src') ?? usual
  if (scripts === undefined) weak.push('no script-src')
  for (const name of ['script-src', 'script-src-elem', 'script-src-attr', 'default-src']) {
    const sources = name === 'default-src' && directives.has('script-src') ? undefined : directives.get(name)
    if (sources === undefined) continue
    // With a nonce or a hash browsers pass over unsafe-inline: https://www.w3.org/TR/CSP3/#allow-all-inline
    const isStrict = sources.some((source) => /^'(?:nonce-|sha(?:256|384|512)-|strict-dynamic)/.test(source))
    if (sources.includes("'unsafe-inline'") && !isStrict) weak.push(`${name} 'unsafe-inline'`)
    if (sources.includes("'unsafe-eval'")) weak.push(`${name} 'unsafe-eval'`)
    if (sources.some((source) => source === '*' || source === 'data:' || source === 'http:' || source === 'https:'))
      weak.push(`${name} from everywhere`)
  }
  for (const name of ['frame-ancestors', 'base-uri', 'form-action']) if (!directives.has(name)) weak.push(`no ${name}`)
  if (!directives.has('object-src') && !(usual?.length === 1 && usual[0] === "'none'")) weak.push('no object-src')
  const dynamic = scripts?.find((source) => source.includes('$') && !source.startsWith("'nonce-"))
  return {weak, ...(dynamic !== undefined && {open: withoutBraces(dynamic)})}
}
