import {notApplicable} from '../../engine/finding.ts'
import {readCompose, type ComposeService} from '../../repo/docker/compose.ts'
import {withoutBraces} from '../../repo/docker/interpolation.ts'
import {concludeServices, isDatabaseService, runningServices} from '../compose-services.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'

const judge = (service: ComposeService): Target => {
  const {name, readOnly, capDrop, securityOpt, tmpfs, volumes, privileged} = service
  const expected = `${name}: read_only with tmpfs, cap_drop ALL, no-new-privileges`
  const texts = [...capDrop, ...securityOpt, ...(readOnly === undefined ? [] : [readOnly])]
  const open = texts.find(({value}) => value === undefined)
  const has = {
    read_only: readOnly?.value === 'true',
    tmpfs: tmpfs.length > 0 || volumes.some(({type}) => type === 'tmpfs'),
    'cap_drop: [ALL]': capDrop.some(({value}) => value?.toUpperCase() === 'ALL'),
    'no-new-privileges': securityOpt.some(({value}) => /^no-new-privileges(?:[:=]true)?$/.test(value ?? '')),
    'no privileged': privileged?.value !== 'true',
  }
  const lacking = Object.entries(has).flatMap(([what, holds]) => (holds ? [] : [what]))
  if (lacking.length === 0) return held(service, expected, 'all of them')
  return open === undefined
    ? missed(service, expected, `without ${lacking.join(', ')}`)
    : undecided(open, expected, withoutBraces(open.text))
}

export default defineRepositoryItem({
  observe: async (read) => ({compose: await read(readCompose)}),

  evaluate: ({compose}) => {
    const running = runningServices(compose)
    const own = running.filter((one) => one.service.build !== undefined)
    // Production files name the images that were built elsewhere.
    const apps = (own.length > 0 ? own : running).filter((one) => !isDatabaseService(one))
    if (apps.length === 0 && compose.unread.length === 0) return notApplicable('SANDBOX_NO_SERVICE')
    const codes = {pass: 'SANDBOXED', fail: 'SANDBOX_MISSING', partly: 'SANDBOXED_PARTLY'}
    return concludeServices(
      compose,
      apps.map(({service}) => judge(service)),
      'minimal privileges',
      codes,
      notApplicable('SANDBOX_NO_SERVICE'),
    )
  },
})
