import {test} from 'vitest'
import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {readSettings} from '../src/repo/application/settings.ts'
import {readEngines} from '../src/repo/application/engines.ts'
import {readRoutes} from '../src/repo/application/routes.ts'
import {readingOf} from './support/repository.ts'
const load=(dir:string)=>{const out:Record<string,string>={}; for(const f of readdirSync(dir,{recursive:true,encoding:'utf8'})){const p=join(dir,f); if(statSync(p).isFile()&&!f.includes('node_modules')) out[f]=readFileSync(p,'utf8')} return out}
for (const v of (process.env.V??'').split(',')) test(v, async()=>{
  const r=readingOf(load(v))
  const s=await r.read(readSettings)
  console.log(s.classes, s.open, s.unread, s.reads)
  for (const f of s.fields) console.log(f.path, f.variables.join('|'), f.type, JSON.stringify(f.default), f.file+':'+f.line, 'readAt', f.readAt.length, f.decoded, f.choices.join('/'))
  console.log(JSON.stringify(await r.read(readEngines),null,1))
  const rt=await r.read(readRoutes)
  console.log(rt.applications, rt.routes.map(x=>x.method+' '+x.path+' '+x.dependencies.map(d=>d.name).join(',')).join('\n'))
})
