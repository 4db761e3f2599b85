import type {Methods} from './method.ts'

export const run: Methods = {}
