import type {Methods} from './method.ts'

export const logging: Methods = {}
