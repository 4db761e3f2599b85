import type {Methods} from './method.ts'

export const vpcaccess: Methods = {}
