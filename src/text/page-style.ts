import { Html } from './html.ts';

/** Style of a page that is one file: calm, for paper first; it asks for nothing from anywhere. */
export const PAGE_STYLE = new Html(`
:root { color-scheme: light; --ink: #1c2430; --soft: #5a6472; --line: #d5dae1; --wash: #f5f6f8; --good: #1d6b43;
  --bad: #a3221b; --open: #7a5200; }
* { box-sizing: border-box; }
body { margin: 0; overflow-wrap: anywhere; background: #fff; color: var(--ink); font: 16px/1.55 "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial,
  "Liberation Sans", sans-serif; }
main { max-width: 50rem; margin: 0 auto; padding: 3rem 1.5rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .6rem; letter-spacing: -.01em; text-wrap: balance; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 2.4rem 0 .6rem; padding-top: .9rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; line-height: 1.3; margin: 1.5rem 0 .4rem; }
p { margin: .55rem 0; max-width: 44rem; }
ul { margin: .55rem 0; padding-left: 1.25rem; max-width: 44rem; }
li { margin: .3rem 0; }
.lead { color: var(--soft); margin: 0; }
.banner { margin: 1.4rem 0 0; padding: .8rem 1rem; border: 2px solid var(--bad); color: var(--bad); font-weight: 600;
  max-width: none; }
.mark { display: inline-block; padding: 0 .4rem; border: 1px solid var(--line); border-radius: .2rem;
  background: var(--wash); color: var(--soft); font-size: .75rem; line-height: 1.35; white-space: nowrap; }
.mark.above { margin: .6rem 0 0; }
.marks { margin: 1.4rem 0 0; padding: .8rem 1rem; background: var(--wash); font-size: .9rem; max-width: none; }
.marks div { display: flex; gap: .8rem; align-items: baseline; margin: .25rem 0; }
.marks dt { flex: 0 0 8.5rem; margin: 0; }
.marks dd { margin: 0; }
.marks .mark { margin: 0; background: #fff; }
table { border-collapse: collapse; width: 100%; margin: .7rem 0 .9rem; font-size: .92rem; line-height: 1.4; }
th, td { text-align: left; vertical-align: top; padding: .38rem .9rem .38rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: break-word; }
th { color: var(--soft); font-weight: 600; }
caption { text-align: left; font-weight: 600; padding: .2rem 0; }
.scroll { overflow-x: auto; background: linear-gradient(to right, #fff 1.5rem, transparent) left,
  linear-gradient(to left, #fff 1.5rem, transparent) right, linear-gradient(to right, rgb(28 36 48 / .18), transparent) left,
  linear-gradient(to left, rgb(28 36 48 / .18), transparent) right; background-attachment: local, local, scroll, scroll;
  background-repeat: no-repeat; background-size: 3rem 100%, 3rem 100%, .6rem 100%, .6rem 100%; }
.hash { font-family: "Liberation Mono", Consolas, monospace; font-size: .8em; overflow-wrap: anywhere; }
.facts { margin: .7rem 0 .9rem; font-size: .92rem; line-height: 1.4; }
.facts div { display: grid; grid-template-columns: minmax(0, 15rem) minmax(0, 1fr); gap: .9rem; padding: .38rem 0;
  border-bottom: 1px solid var(--line); }
.facts dt { color: var(--soft); font-weight: 600; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.chart { margin: 1rem 0 1.4rem; }
figcaption { font-weight: 600; margin: 0 0 .5rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: 0 0 .6rem; padding: 0;
  font-size: .88rem; max-width: none; }
.legend li { margin: 0; }
.legend svg { margin-right: .45rem; vertical-align: -1px; }
.bars { list-style: none; margin: 0 0 1rem; padding: 0; max-width: none; font-size: .88rem; line-height: 1.35; }
.bars li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .1rem 1rem; margin: .45rem 0 0; }
.bars .label { flex: 1 1 40%; min-width: 0; }
.bars .values { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--soft); }
.bars svg { display: block; flex: 0 0 100%; }
.code { white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td:last-child, th:last-child { padding-right: 0; }
.holds, .fails, .unclear, .empty { font-weight: 600; white-space: nowrap; }
.holds { color: var(--good); } .fails { color: var(--bad); } .unclear { color: var(--open); } .empty { color: var(--soft); }
footer { margin-top: 2.6rem; padding-top: .9rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .88rem; }
@page { size: A4; margin: 18mm 16mm 20mm; }
@media print {
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h2 { break-after: avoid; }
  h3, figcaption, .legend { break-after: avoid; }
  .scroll { overflow-x: visible; background: none; }
  tr, li, .marks, .banner, .facts div, .bars li { break-inside: avoid; }
  thead { display: table-header-group; }
}
@media (max-width: 40rem) {
  main { padding: 1.5rem 1rem 3rem; }
  .marks div { flex-direction: column; gap: .1rem; }
  .marks dt { flex-basis: auto; }
  .wide { min-width: 44rem; }
  .facts div { grid-template-columns: 1fr; gap: .1rem; }
}
`);
