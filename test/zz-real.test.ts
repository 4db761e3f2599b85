import {test} from 'vitest'
import {context} from './checks/judge.ts'
import {loadItems, builtItems} from '../src/load-items.ts'
import {openRepo} from '../src/repo/open-repo.ts'
import {writeFileSync} from 'node:fs'
const want=(process.env.ITEMS??'config.,containers.,pipeline.,infra.,auth.,migrations.,logging.,observability.').split(',')
const toEvidence=Number(process.env.N??'12')
for (const v of (process.env.R??'').split(',')) test(v, async()=>{
  const repo=await openRepo(v.startsWith('/')?v:'/tmp/real/'+v)
  if (repo===undefined) throw new Error('no '+v)
  const items=await loadItems([...builtItems()].filter(id=>want.some(w=>id.startsWith(w)) && !id.startsWith('auth.x')).map(id=>({id})))
  const out:string[]=[]
  const times:[string,number][]=[]
  const all=performance.now()
  const reading=repo.reading
  const seen=new Map<unknown,number>()
  const slow:string[]=[]
  const timed={files:reading.files, read: async (reader:any)=>{ const t=performance.now(); const r=await reading.read(reader); const d=performance.now()-t; if(d>1000&&!seen.has(reader)){seen.set(reader,d);slow.push(`${reader.name} ${Math.round(d)}ms`)} return r}}
  for (const [id,item] of items){ const t=performance.now(); try {
    const sources={repo:{reading:timed}} as any
    const o=JSON.parse(JSON.stringify(await item.observe(sources,context())))
    const f=item.evaluate(o,context())
    const d=performance.now()-t; if(d>1000) times.push([id,Math.round(d)])
    const detail='reason' in f? JSON.stringify((f as any).reason).slice(0,240):''
    out.push(`${f.status.padEnd(8)} ${id} ${f.code} ${f.status==='unknown'?detail:''}`)
    let n=0; const rows=f.evidence.filter(e=>'file' in e)
    for (const e of rows) if('file' in e && (!e.holds||f.status==='pass')) { if(n++<toEvidence) out.push(`     ${f.status==='pass'?'+':'-'} ${e.file}:${e.line} want ${e.expected} | got ${e.actual}`) }
    if (n>toEvidence) out.push(`     … ${n-toEvidence} more`)
   } catch(e){ out.push('CRASH '+id+' '+(e as Error).stack?.slice(0,600)) } }
  const text=`== ${v} total ${Math.round(performance.now()-all)}ms rss ${Math.round(process.memoryUsage().rss/1e6)}MB slow: ${JSON.stringify(times)} readers: ${slow.join('; ')}\n`+out.join('\n')+'\n'
  writeFileSync('/tmp/real/out-'+v.replaceAll('/','_')+'.txt', text)
}, 300000)
