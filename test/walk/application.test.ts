import {applicationStates} from './bad-states.ts'
import {walkBadStates} from './walk-bad-states.ts'

walkBadStates(applicationStates)
