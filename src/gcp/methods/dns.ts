import type {Methods} from './method.ts'

export const dns: Methods = {}
