import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
const b = await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox","--disable-gpu"]});
for (const f of process.argv.slice(2)) for (let i=0;i<3;i++){
 const p=await b.newPage({viewport:{width:1440,height:900}});const t=Date.now();await p.goto(pathToFileURL(f).href);await p.waitForSelector("footer");const t1=Date.now();
 await p.waitForFunction(()=>document.querySelector("figure.chart canvas"));const t2=Date.now();
 console.log(f,t1-t,"footer",t2-t,"first chart"); await p.close();}
await b.close();
