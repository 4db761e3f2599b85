import type {Methods} from './method.ts'

export const monitoring: Methods = {}
