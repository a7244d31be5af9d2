#include "bench/load/report/page_style.hpp"

namespace wxlogind::load {

std::string_view page_style() noexcept {
    return R"(
:root{color-scheme:light dark;--page:#fff;--card:#f6f7f9;--text:#1b1f24;--quiet:#5b6470;--grid:#e2e5ea;
--c1:#2563eb;--c2:#c2600c;--c3:#64748b;--c4:#c81e1e;--warn:#fff4dc;--warn-edge:#e0a100}
@media (prefers-color-scheme:dark){:root{--page:#14171c;--card:#1d2128;--text:#e6e8eb;--quiet:#9aa3ad;
--grid:#2e343d;--c1:#79acff;--c2:#f2a65a;--c3:#94a3b8;--c4:#ff7b72;--warn:#3a2f12;--warn-edge:#c79a2a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:960px;padding:24px 20px 48px;background:var(--page);color:var(--text);
font:15px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif}
h1{font-size:24px;margin:0 0 4px}h2{font-size:17px;margin:32px 0 4px}
p{margin:4px 0}.quiet{color:var(--quiet);font-size:13.5px}
code{font:13px ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(196px,1fr));gap:10px;margin:18px 0}
.tile{background:var(--card);border-radius:8px;padding:10px 14px}
.tile b{display:block;font-size:21px;font-weight:600;font-variant-numeric:tabular-nums;white-space:nowrap}
.tile span{color:var(--quiet);font-size:13px}
.warning{background:var(--warn);border-left:4px solid var(--warn-edge);border-radius:4px;padding:8px 14px;margin:10px 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:5px 10px;text-align:right;border-bottom:1px solid var(--grid);white-space:nowrap}
th{color:var(--quiet);font-weight:500}th:first-child,td:first-child{text-align:left;padding-left:0}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;color:var(--quiet);margin:2px 0 2px 8px}
.legend i{display:inline-block;width:18px;height:0;margin-right:6px;vertical-align:middle}
.legend i.line{border-top:2.5px solid}.legend i.level{border-top:2px dashed}
.legend i.band{height:11px;background:currentColor;opacity:.25}.legend i.shade{height:11px;background:var(--grid)}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--quiet);font-size:12px}
.ylabel{text-anchor:end;dominant-baseline:middle}.xlabel,.title{text-anchor:middle}
.grid{stroke:var(--grid);stroke-width:1;fill:none}
.line{stroke:currentColor;stroke-width:2;fill:none;stroke-linejoin:round;stroke-linecap:round}
.level{stroke:currentColor;stroke-width:1.5;fill:none;stroke-dasharray:6 5}
.band{fill:currentColor;opacity:.2}.shade{fill:var(--grid);opacity:.55}
.mark{fill:currentColor;stroke:var(--page);stroke-width:1.5}
.c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}
@media print{body{max-width:none}h2{break-after:avoid}svg{break-inside:avoid}}
)";
}

} // namespace wxlogind::load
