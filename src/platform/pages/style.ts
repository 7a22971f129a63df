/** The one stylesheet of all pages. Narrow screens show each row of a listing as a small card. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1c2733; --soft: #5b6b7b; --line: #d9e0e7; --paper: #fff; --back: #f3f5f8; --accent: #0b62a8;
  --good: #1c7c43; --bad: #b3261e; --note: #8a5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e4eaf0; --soft: #9aa9b8; --line: #31404e; --paper: #18222c; --back: #0f161d; --accent: #6cb6f5;
    --good: #63c98a; --bad: #ff8a80; --note: #e8b04a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
header.top {
  display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 2rem; padding: .5rem 1.5rem;
  background: var(--paper); border-bottom: 1px solid var(--line);
}
.brand { font-weight: 600; color: var(--ink); padding: .4rem 0; }
nav { display: flex; flex: 1; align-items: center; gap: 1.25rem; }
nav a { padding: .4rem 0; border-bottom: 2px solid transparent; color: var(--soft); }
nav a[aria-current] { color: var(--accent); border-color: var(--accent); }
nav form { margin-left: auto; }
main { max-width: 75rem; margin: 0 auto; padding: 1.25rem 1.5rem 3rem; }
main.wide { max-width: 110rem; }
main.wide td { min-width: 6rem; }
main.fragment { padding: 0; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 0 0 .75rem; }
.head { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem 1.5rem; margin-bottom: 1rem; }
.head > :last-child:not(h1) { margin-left: auto; }
.figures { display: flex; gap: 1.5rem; color: var(--soft); }
.figures b { color: var(--ink); font-size: 1.1rem; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 1.25rem; margin: 0 0 1rem; }
.card > :first-child { margin-top: 0; }
.card > :last-child { margin-bottom: 0; }
.narrow { max-width: 40rem; margin-inline: auto; }
.soft, small { color: var(--soft); }
code, .code, .address { font-family: ui-monospace, monospace; }
.address { font-size: .92em; overflow-wrap: normal; }
table { width: 100%; border-collapse: collapse; background: var(--paper); border: 1px solid var(--line); }
th, td { padding: .5rem .75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-size: .75rem; letter-spacing: .04em; color: var(--soft); font-weight: 600; white-space: nowrap; }
tr:last-child td { border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td { overflow-wrap: anywhere; }
.time { white-space: nowrap; }
td small { display: block; }
details.summary { margin-bottom: 1.5rem; }
details.summary > summary { cursor: pointer; }
details.summary h2 { display: inline-block; }
td small.role { display: inline; }
.empty { padding: 2.5rem 1rem; text-align: center; color: var(--soft); }
.state { display: inline-block; padding: 0 .55rem; border-radius: 1rem; border: 1px solid; font-size: .82rem; color: var(--soft); }
.state.Sensing { color: var(--good); }
.state.Paused, .state.ECO { color: var(--note); }
.state.Communication { color: var(--bad); }
.notice { border-left: 4px solid; background: var(--paper); padding: .6rem 1rem; margin: 0 0 1rem; border-radius: 4px; }
.notice p { margin: .1rem 0; }
.notice.good { border-color: var(--good); }
.notice.bad { border-color: var(--bad); }
.notice.note { border-color: var(--note); }
button, .button {
  font: inherit; padding: .4rem .9rem; border-radius: 6px; border: 1px solid var(--accent); cursor: pointer;
  background: var(--accent); color: var(--paper); display: inline-block;
}
button:hover, .button:hover { filter: brightness(1.1); text-decoration: none; }
button.second, .button.second { background: transparent; color: var(--accent); border-color: var(--line); }
button.danger { background: transparent; color: var(--bad); border-color: var(--bad); }
button.plain { background: none; border: 0; padding: .4rem 0; color: var(--soft); }
label { display: block; margin: 0 0 1rem; }
label > span, legend { display: block; font-weight: 600; margin-bottom: .25rem; }
label > small { display: block; margin-bottom: .25rem; }
legend { padding: 0; }
fieldset { border: 0; padding: 0; margin: 0 0 1rem; }
fieldset label { display: inline-block; margin-right: 1.5rem; }
input:not([type=radio]), select, textarea {
  font: inherit; width: 100%; padding: .4rem .6rem; color: inherit; background: var(--back);
  border: 1px solid var(--line); border-radius: 6px;
}
textarea { font-family: ui-monospace, monospace; font-size: .9rem; min-height: 6rem; resize: vertical; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 0 1.5rem; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; align-items: flex-start; }
.filters { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: flex-end; margin-bottom: 1rem; }
.filters label { margin: 0; flex: 1 1 8rem; max-width: 15rem; }
.filters input, .filters select { height: 2.4rem; }
.filters label > span { font-size: .75rem; color: var(--soft); }
.code { font-size: 1.9rem; letter-spacing: .12em; user-select: all; margin: .25rem 0; overflow-wrap: anywhere; }
iframe { border: 0; width: 100%; height: 3.4rem; display: block; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
details.menu { position: relative; display: inline-block; }
details.menu > summary { cursor: pointer; color: var(--accent); white-space: nowrap; }
details.menu > div {
  position: absolute; right: 0; z-index: 1; min-width: 12rem; padding: .5rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: 6px; box-shadow: 0 4px 16px #0003;
}
details.menu > div > * { display: block; width: 100%; text-align: left; padding: .3rem .6rem; border: 0; margin: 0; }
details.menu form { padding: 0; }
details.menu form button { width: 100%; text-align: left; border: 0; padding: .3rem .6rem; background: none; color: var(--ink); }
details.sure > summary { cursor: pointer; color: var(--bad); padding: .4rem 0; }
.paging { display: flex; flex-wrap: wrap; gap: 1.25rem; padding: .75rem 0; color: var(--soft); }
.paging > :first-child { margin-right: auto; }
.off { opacity: .5; }
@media (max-width: 46rem) {
  header.top { padding: .5rem 1rem; }
  main { padding: 1rem 1rem 2rem; }
  table, tbody, tr, td { display: block; }
  thead { display: none; }
  table { border: 0; background: none; }
  tr { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: .5rem .9rem; margin-bottom: .75rem; }
  td { display: flex; justify-content: space-between; gap: 1rem; border: 0; padding: .15rem 0; text-align: right; }
  td::before { content: attr(data-heading); color: var(--soft); font-size: .75rem; text-align: left; flex: none; padding-top: .15rem; }
  td > * { min-width: 0; }
  .code { font-size: 1.5rem; }
  .filters label { max-width: none; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
`

/** The icon of the browser's tab: a wave seen by a lens. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#0b62a8"/>
<circle cx="14" cy="14" r="8" fill="none" stroke="#fff" stroke-width="2.5"/>
<path d="M20 20l6 6" stroke="#fff" stroke-width="3" stroke-linecap="round"/>
<path d="M9 14h2l2-4 2 8 2-4h2" fill="none" stroke="#fff" stroke-width="1.8" stroke-linejoin="round"/>
</svg>`
