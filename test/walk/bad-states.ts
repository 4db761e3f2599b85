import type {BadState} from './bad-states/bad-state.ts'
import {networkStates} from './bad-states/network.ts'
import {projectStates} from './bad-states/project.ts'
import {secretsStates} from './bad-states/secrets.ts'
import {stateStates} from './bad-states/state.ts'

/** At least one for every item that has code. */
export const badStates: readonly BadState[] = [...projectStates, ...networkStates, ...secretsStates, ...stateStates]
