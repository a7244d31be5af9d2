// A form is read alike however it is cut, keeps its bounds, and one that is refused names what is wrong.
#pragma once

#include "core/base/encoding.hpp"
#include "handlers/forms/multipart.hpp"
#include "handlers/pictures/picture.hpp"
#include "tests/fuzz/property.hpp"

#include <string>
#include <vector>

namespace wxlogind::test {

struct read_form {
    std::string refusal{}; // "" = none
    std::string content{};
};

inline read_form
read_in_pieces(const std::string& boundary, std::string_view body, std::size_t first, std::size_t others) {
    handlers::multipart_reader reader{boundary, "avatar"};
    read_form form;
    while (!body.empty() && form.refusal.empty()) {
        const auto fed = reader.feed(body.substr(0, first), form.content);
        if (!fed) form.refusal = fed.error().detail;
        body.remove_prefix(std::min(first, body.size()));
        first = others;
    }
    if (!form.refusal.empty()) return form;
    const auto finished = reader.finish();
    if (!finished) form.refusal = finished.error().detail;
    return form;
}

// A line: the Content-Type; behind it the body.
inline void check_multipart(std::string_view text) {
    const std::size_t line = text.find('\n');
    if (line == std::string_view::npos) return;
    const auto boundary = handlers::multipart_boundary(text.substr(0, line));
    if (!boundary) {
        must_hold(boundary.error().detail.starts_with("Content-Type: "), "a refusal names nothing");
        return;
    }
    must_hold(!boundary->empty() && boundary->size() <= 70, "a boundary is out of bounds");
    const std::string_view body = text.substr(line + 1);
    const read_form whole = read_in_pieces(*boundary, body, body.size(), 1);
    must_hold(
        whole.refusal.empty() || whole.refusal.starts_with("body: ") || whole.refusal.starts_with("avatar: "),
        "a refusal names nothing");
    must_hold(whole.content.size() <= body.size(), "more came out than went in");
    for (const std::size_t cut : {std::size_t{1}, std::size_t{2}, std::size_t{7}, body.size() / 2 + 1}) {
        const read_form cut_form = read_in_pieces(*boundary, body, cut, cut);
        must_hold(cut_form.refusal == whole.refusal, "refused alike however it is cut");
        must_hold(
            !whole.refusal.empty() || cut_form.content == whole.content, "read alike however it is cut");
    }
    const auto header = handlers::read_picture_header(whole.content);
    must_hold(!header || !*header || ((*header)->width > 0 && (*header)->height > 0), "a picture has a size");
}

} // namespace wxlogind::test
