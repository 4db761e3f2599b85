import {notApplicable} from '../../engine/finding.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {concludeTerraform, everywhere} from '../terraform-resources.ts'
import {databases, type Database} from '../terraform-services.ts'
import {described, textOf} from '../terraform-values.ts'

/** Tiers of the edition ENTERPRISE, which ENTERPRISE_PLUS refuses. https://cloud.google.com/sql/docs/postgres/editions-intro */
const enterpriseTier = /^db-(custom|f1-micro|g1-small|n1)/

/** From PostgreSQL 16 on the API's default edition is ENTERPRISE_PLUS (hashicorp/terraform-provider-google#20498). */
const judge = ({resource, version, tier, edition}: Database): Target => {
  const expected = 'edition = ENTERPRISE with this tier'
  const major = /^POSTGRES_(\d+)/.exec(textOf(version) ?? '')?.[1]
  const [tierText, editionText] = [textOf(tier), textOf(edition)]
  if (editionText === 'ENTERPRISE') return held(edition ?? resource, expected, 'ENTERPRISE')
  if (edition !== undefined && editionText === undefined) return undecided(edition, expected, described(edition))
  if (tierText === undefined && tier !== undefined) return undecided(tier, expected, described(tier))
  if (tierText === undefined || !enterpriseTier.test(tierText))
    return held(tier ?? resource, 'an edition that has this tier', `${tierText ?? 'no tier'}, edition ${editionText ?? 'by default'}`)
  if (editionText !== undefined) return missed(edition ?? resource, expected, `${editionText} with ${tierText}`)
  if (version !== undefined && textOf(version) === undefined) return undecided(version, expected, described(version))
  if (major === undefined || Number(major) < 16)
    return held(version ?? resource, expected, `${textOf(version) ?? 'no version'}, whose default edition has ${tierText}`)
  return missed(tier ?? resource, expected, `${textOf(version) ?? ''} with ${tierText} and no edition`)
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const all = databases({roots: everywhere(terraform)})
    if (all.length === 0) return notApplicable('NO_DATABASE')
    return concludeTerraform(all.map(judge), {pass: 'EDITION_FITS', fail: 'EDITION_REFUSED'})
  },
})
