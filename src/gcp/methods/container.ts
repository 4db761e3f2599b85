import type {Methods} from './method.ts'

export const container: Methods = {}
