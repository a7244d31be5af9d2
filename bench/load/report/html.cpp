#include "bench/load/report/report.hpp"

namespace wxlogind::load {

std::string render_html(const report& of) {
    return "<pre>" + render_table(of) + "</pre>";
}

} // namespace wxlogind::load
