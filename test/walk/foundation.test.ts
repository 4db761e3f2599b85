import {foundationStates} from './bad-states.ts'
import {walkBadStates} from './walk-bad-states.ts'

walkBadStates(foundationStates)
