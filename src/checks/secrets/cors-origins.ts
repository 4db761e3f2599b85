import {secretName} from '../../changes/resource-names.ts'
import {addSecretVersion, annotateSecret, hashAnnotation, sha256} from '../../changes/secrets.ts'
import {isPlaceholderDomain, type Config} from '../../config/parameters.ts'
import {manual, pass, seen, warn} from '../../engine/finding.ts'
import {defineItem} from '../define-item.ts'
import {makeReadable, readSecret, unreadable, type KeptSecret} from '../secret-state.ts'

const id = 'cors-origins'
const codes = {
  missing: 'CORS_ORIGINS_MISSING',
  noVersion: 'CORS_ORIGINS_WITHOUT_VERSION',
  disabled: 'CORS_ORIGINS_DISABLED',
  destroyed: 'CORS_ORIGINS_DESTROYED',
}

/** A JSON list: the application crashes at its start on a bare URL. */
const origins = ({domain}: Config): string => JSON.stringify([`https://${domain}`])
const written = ({secret}: KeptSecret): string | undefined => secret?.annotations[hashAnnotation]

export default defineItem<KeptSecret>({
  observe: ({cloud}) => readSecret(cloud, id),

  evaluate(kept, {config}) {
    const resource = secretName(config.projectId, id)
    const args = {secret: id, domain: config.domain, origins: origins(config)}
    if (isPlaceholderDomain(config.domain))
      return manual('CORS_ORIGINS_DOMAIN_UNSET', [seen(resource, 'value', 'the domain of the application', config.domain)], args)
    const broken = unreadable(kept, id, config, codes)
    if (broken !== undefined) return {...broken, args}
    const mark = [seen(resource, `annotations.${hashAnnotation}`, sha256(origins(config)), written(kept))]
    if (written(kept) === undefined) return warn('CORS_ORIGINS_UNPROVEN', mark, args)
    return written(kept) === sha256(origins(config)) ? pass('CORS_ORIGINS_CURRENT', mark, args) : warn('CORS_ORIGINS_STALE', mark, args)
  },

  plan(kept, {config}) {
    if (isPlaceholderDomain(config.domain)) return []
    const value = {text: origins(config)}
    const hash = sha256(value.text)
    const repair = makeReadable(kept, config, {id, value, hash, replacing: 'the application reads it when its next instance starts'})
    if (kept.secret === undefined || kept.latest?.state === 'DISABLED') return repair
    const annotate = written(kept) === hash ? [] : [annotateSecret(config.projectId, id, kept.secret.annotations, hash)]
    if (repair.length > 0) return [...repair, ...annotate]
    // Without the annotation somebody else wrote the value, and it stays theirs.
    return written(kept) === undefined || annotate.length === 0
      ? []
      : [addSecretVersion({project: config.projectId, secret: id, value}), ...annotate]
  },

  fresh: () => ({secret: undefined, latest: undefined}),
})
