import {test} from 'vitest'
import {readFileSync, writeFileSync} from 'node:fs'
import {textsOf} from './support/variants.ts'
import {changed, findingsOf} from './repository/judge-repository.ts'
import {context} from './checks/judge.ts'
import {loadItems} from '../src/load-items.ts'
import {loadChecklist} from '../src/checklist/checklist.ts'
test('edits', async()=>{
  const edits: [string,string,string][] = JSON.parse(readFileSync('/tmp/edits.json','utf8'))
  const texts=await textsOf('finished-flat')
  const items=await loadItems(loadChecklist().items.filter(i=>i.part===2))
  const say=(f: {status:string;code:string})=>f.status+' '+f.code
  const before=await findingsOf(items,texts,context())
  const out:string[]=[]
  for (const [id,f] of before) if (f.status!=='pass') out.push('BEFORE '+id+' '+say(f)+' '+JSON.stringify(f.evidence.filter(e=>!('holds' in e)).slice(0,3)))
  const json: unknown[]=[]
  for (const [file,from,to] of edits){
    const after=await findingsOf(items,changed(texts,{[file]:[from,to]}),context())
    const diff=[...after].filter(([id,f])=>say(f)!==say(before.get(id)!))
    out.push(`${file}: ${from.trim().slice(0,70)} => ${to.trim().slice(0,70)}`)
    for (const [id,f] of diff) out.push(`      ${id} ${say(f)}   ${JSON.stringify(f.evidence.filter(e=>!('holds' in e)).slice(0,2).map(e=>'file' in e?e.file+':'+e.line+' '+e.expected+' | '+e.actual:''))}`)
    json.push([file,from,to,Object.fromEntries(diff.map(([id,f])=>[id,say(f)]))])
  }
  writeFileSync('/tmp/edits.out',out.join('\n')); writeFileSync('/tmp/edits.done.json',JSON.stringify(json))
},600000)
