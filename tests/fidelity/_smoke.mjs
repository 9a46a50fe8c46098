import { chromium } from '@playwright/test'
import { spawn } from 'node:child_process'
import http from 'node:http'
const p = spawn('node',['local/realtime/main.ts','--port','0','--questions','/tmp/model/q.json','--api-key','sk-test-123456789012','--with-parent'],{stdio:['pipe','pipe','inherit']})
const ready = await new Promise(r=>p.stdout.once('data',d=>r(JSON.parse(d))))
console.log(ready)
const page_server = http.createServer((q,s)=>{s.setHeader('content-type','text/html');s.end('<h1>x</h1>')}).listen(0,'127.0.0.1')
await new Promise(r=>page_server.once('listening',r))
const b = await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--use-fake-ui-for-media-stream','--use-fake-device-for-media-stream','--autoplay-policy=no-user-gesture-required']})
const page = await b.newPage(); page.on('console',m=>console.log('page',m.text()))
await page.goto(`http://127.0.0.1:${page_server.address().port}/`)
const key = await fetch(ready.url+'/realtime/client_secrets',{method:'POST',headers:{authorization:'Bearer sk-test-123456789012','content-type':'application/json'},body:JSON.stringify({session:{type:'realtime',model:'gpt-realtime-2.1',audio:{input:{turn_detection:null,transcription:{model:'gpt-live-transcribe',language:'en'}}},tools:[{type:'function',name:'search_handbook',parameters:{type:'object',properties:{query:{type:'string'}}}}]}})}).then(r=>r.json())
console.log(Object.keys(key), key.expires_at)
const result = await page.evaluate(async ({url,ek})=>{
  const t0=performance.now(); const log=[]; const at=(x)=>log.push([Math.round(performance.now()-t0),x])
  const pc=new RTCPeerConnection(); const dc=pc.createDataChannel('oai-events')
  const mic=await navigator.mediaDevices.getUserMedia({audio:true}); pc.addTrack(mic.getAudioTracks()[0],mic)
  let rms=0; pc.ontrack=e=>{at('track '+e.streams.length); const a=new Audio(); a.srcObject=e.streams[0]; a.play(); const ac=new AudioContext(); const s=ac.createMediaStreamSource(e.streams[0]); const an=ac.createAnalyser(); s.connect(an); const buf=new Float32Array(an.fftSize); setInterval(()=>{an.getFloatTimeDomainData(buf); const r=Math.sqrt(buf.reduce((a,b)=>a+b*b,0)/buf.length); if(r>0.01&&rms===0)at('AUDIBLE'); rms=Math.max(rms,r)},5)}
  const waitFor=(t)=>new Promise(r=>dc.addEventListener('message',function f(m){const e=JSON.parse(m.data); if(e.type===t){dc.removeEventListener('message',f);r(e)}}))
  dc.onmessage=m=>{const e=JSON.parse(m.data); at(e.type+' '+(e.delta??e.error?.message??''))}
  await pc.setLocalDescription(await pc.createOffer())
  at('post')
  const res=await fetch(url+'/realtime/calls',{method:'POST',headers:{authorization:'Bearer '+ek,'content-type':'application/sdp'},body:pc.localDescription.sdp})
  at('answer '+res.status+' '+res.headers.get('location'))
  const created=waitFor('session.created')
  await pc.setRemoteDescription({type:'answer',sdp:await res.text()})
  await created
  const send=e=>dc.send(JSON.stringify(e))
  send({type:'conversation.item.create',item:{type:'message',role:'user',content:[{type:'input_text',text:'How hot does chicken have to be?'}]}})
  send({type:'response.create',response:{tool_choice:'required'}})
  const d=await waitFor('response.done'); const call=d.response.output[0]
  at(call.arguments)
  send({type:'conversation.item.create',item:{type:'function_call_output',call_id:call.call_id,output:JSON.stringify({found:true,passages:[{section:'Cooking temperatures',language:'en',text:'## Poultry\n\nCook chicken and turkey to **165 °F** for at least 15 seconds. Check the thickest part.\n\n- Ground beef: 155 °F for 17 seconds.\n- Whole beef: 145 °F.'}]})}})
  send({type:'response.create',response:{tool_choice:'none'}})
  const dd=await waitFor('response.done'); at(JSON.stringify(dd.response.usage))
  await waitFor('output_audio_buffer.stopped')
  await new Promise(r=>setTimeout(r,300))
  at('rms '+rms)
  return log
},{url:ready.url,ek:key.value})
for(const l of result) console.log(l.join('  '))
console.log(JSON.stringify(await fetch(ready.url.replace('/v1','/local/state'),{headers:{authorization:'Bearer sk-test-123456789012'}}).then(r=>r.json())))
await b.close(); page_server.close(); p.kill()
