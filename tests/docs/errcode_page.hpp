// docs/wechat-errcodes.md, in both languages, as the switch in core/wechat/errcodes.cpp makes it.
#pragma once

#include <string>

namespace wxlogind::test {

enum class page_language : unsigned char {
    english,
    chinese
};

[[nodiscard]] std::string render_errcode_page(page_language language);

} // namespace wxlogind::test
