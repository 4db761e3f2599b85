import type {BaseFlags} from '../base-command.ts'
import {openSimulator} from '../open-simulator.ts'
import type {Asker} from './asker.ts'
import {readSaved, writeSaved, type Place} from './saved.ts'

/** Where is walked; `endpoint` is the simulator's. */
export type Where = {place: Place; endpoint: string | undefined}

/** Flags that say where. */
export type PlaceFlags = Partial<BaseFlags> & {google?: boolean | undefined; 'operation-time'?: number | undefined}

type Setting = {flags: PlaceFlags; asker: Asker}

/** On the simulator or on Google: as flags, environment or an earlier visit say, else asked. */
export const chosenPlace = async (root: string, setting: Setting): Promise<Where | 'left'> => {
  const {flags, asker} = setting
  const given = process.env['QLOGIC_API_ENDPOINT']
  if (given !== undefined && given !== '' && flags.sandbox !== true) return {place: 'simulator', endpoint: given}
  const saved = await readSaved(root)
  const place = flags.sandbox === true ? 'simulator' : flags.google === true ? 'google' : (saved.place ?? (await asked(asker)))
  if (place === 'left') return 'left'
  if (place === 'simulator' && saved.place === place && flags.sandbox !== true)
    asker.tell('On the simulator, as the last time; --google walks on Google Cloud.')
  if (asker.interactive || place === 'simulator') await writeSaved(root, {...saved, place})
  return {
    place,
    endpoint:
      place === 'google'
        ? undefined
        : await openSimulator(root, flags['operation-time'] === undefined ? {} : {operationTimeMs: flags['operation-time']}),
  }
}

const asked = async (asker: Asker): Promise<Place | 'left'> => {
  if (!asker.interactive) return 'google'
  for (;;) {
    const answer = await asker.ask({
      message: 'Where do you want to walk?',
      flag: '--sandbox',
      explain:
        'The simulator answers as Google Cloud does, on this machine, free of charge and without an account: everything can be tried there. With Google, what you confirm is made and paid for; you need to be signed in (gcloud auth application-default login).',
      choices: [
        {value: 'simulator', name: 'On the simulator', about: 'nothing real is touched, nothing costs', flag: '--sandbox'},
        {value: 'google', name: 'On Google Cloud', about: 'with your own account', flag: '--google'},
      ],
    })
    if (answer.kind === 'leave') return 'left'
    if (answer.kind === 'answer') return answer.value === 'simulator' ? 'simulator' : 'google'
    asker.tell('  This is the first question.')
  }
}
