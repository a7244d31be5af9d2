#include "bench/wechat-sim/faults/fault_delivery.hpp"

#include "bench/wechat-sim/faults/bodies.hpp"

#include <fmt/format.h>

namespace wxlogind::wechat_sim {

namespace {

using std::chrono::milliseconds;

// Between two pieces that have to arrive apart.
constexpr milliseconds apart{30};
constexpr std::size_t trailer_bytes = std::size_t{70} * 1024;
constexpr std::size_t header_bytes = std::size_t{100} * 1024;

// One answer under the hands of a fault.
struct shaping {
    const fault_rule& fault;
    const answer& made;
    std::string_view date;
    bool keeps_alive;

    [[nodiscard]] ending usual_end() const noexcept { return keeps_alive ? ending::keep : ending::close; }

    [[nodiscard]] std::string head(bool keeps) const {
        std::string text;
        append_head(text, made.status, made.content_type, date, keeps);
        text += made.fields;
        return text;
    }
    [[nodiscard]] std::string whole() const {
        std::string text;
        append_response(text, made, date, keeps_alive);
        return text;
    }
};

delivery only_end(ending how) {
    delivery out;
    out.then = how;
    return out;
}

delivery one_piece(std::string bytes, ending how) {
    delivery out;
    out.steps.push_back({{}, std::move(bytes)});
    out.then = how;
    return out;
}

// Fields of about 1,000 bytes each.
std::string padding_fields(std::size_t bytes) {
    std::string fields;
    for (std::size_t number = 0; fields.size() < bytes; ++number)
        fields += fmt::format("X-Padding-{}: {}\r\n", number, std::string(1000, 'p'));
    return fields;
}

std::string chunk_of(std::string_view text) {
    return text.empty() ? std::string{} : fmt::format("{:x}\r\n{}\r\n", text.size(), text);
}

std::string chunked_up_to_last(const shaping& what) {
    const std::string_view body = what.made.body;
    return what.head(what.keeps_alive) + "Transfer-Encoding: chunked\r\n\r\n" +
           chunk_of(body.substr(0, body.size() / 2)) + chunk_of(body.substr(body.size() / 2));
}

delivery html_page(const shaping& what) {
    answer page{what.fault.status, "text/html", {}, 0};
    page.body = fmt::format(
        "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n"
        "</body>\r\n</html>\r\n",
        what.fault.status);
    std::string bytes;
    append_response(bytes, page, what.date, what.keeps_alive);
    return one_piece(std::move(bytes), what.usual_end());
}

delivery bare_status(const shaping& what) {
    const unsigned status = what.fault.status;
    std::string bytes;
    append_head(bytes, status, "", what.date, what.keeps_alive);
    if (status / 100 == 3) bytes += "Location: https://api.weixin.qq.com/elsewhere\r\n";
    bytes += status == 204 || status == 304 ? "\r\n" : "Content-Length: 0\r\n\r\n";
    return one_piece(std::move(bytes), what.usual_end());
}

delivery other_body(const shaping& what) {
    answer other{200, what.made.content_type, what.fault.bytes, 0};
    std::string bytes;
    append_response(bytes, other, what.date, what.keeps_alive);
    return one_piece(std::move(bytes), what.usual_end());
}

delivery half_a_body(const shaping& what) {
    std::string bytes = what.whole();
    bytes.resize(bytes.size() - (what.made.body.size() + 1) / 2);
    delivery out = one_piece(std::move(bytes), ending::reset);
    out.linger = apart; // or the RST overtakes what was sent
    return out;
}

delivery trickle(const shaping& what) {
    delivery out;
    out.then = what.usual_end();
    for (const char c : what.whole()) out.steps.push_back({what.fault.pause, std::string(1, c)});
    return out;
}

delivery wrong_length(const shaping& what) {
    const std::int64_t length =
        std::max<std::int64_t>(0, static_cast<std::int64_t>(what.made.body.size()) + what.fault.surplus);
    return one_piece(
        what.head(what.keeps_alive) + fmt::format("Content-Length: {}\r\n\r\n", length) + what.made.body,
        what.usual_end());
}

delivery in_chunks(const shaping& what) {
    delivery out = one_piece(chunked_up_to_last(what), what.usual_end());
    if (what.fault.is_split) {
        out.steps.push_back({apart, "0\r\n"});
        out.steps.push_back({apart, "\r\n"});
    } else {
        out.steps.back().bytes += "0\r\n\r\n";
    }
    return out;
}

delivery with_fields(const shaping& what, std::string_view fields, std::string_view body) {
    return one_piece(
        fmt::format(
            "{}{}Content-Length: {}\r\n\r\n{}", what.head(what.keeps_alive), fields, body.size(), body),
        what.usual_end());
}

// The second answer belongs to nobody: whoever takes it for his own has mixed up two users.
delivery two_answers(const shaping& what) {
    answer stray{200, content_type_of(endpoint_family::sns), {}, 0};
    stray.body = R"({"session_key":"AAECAwQFBgcICQoLDA0ODw==","openid":"oSTRAY0000000000000000000001"})";
    std::string bytes = what.whole();
    append_response(bytes, stray, what.date, what.keeps_alive);
    return one_piece(std::move(bytes), what.usual_end());
}

delivery interim_first(const shaping& what) {
    delivery out = one_piece("HTTP/1.1 100 Continue\r\n\r\n", what.usual_end());
    out.steps.push_back({{}, "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"});
    out.steps.push_back({{}, what.whole()});
    return out;
}

delivery without_length(const shaping& what) {
    return one_piece(
        what.head(false) + "\r\n" + what.made.body, what.fault.is_abrupt ? ending::cut : ending::close);
}

} // namespace

delivery deliver_fault(const fault_rule& fault, const answer& made, std::string_view date, bool keeps_alive) {
    const shaping what{fault, made, date, keeps_alive};
    switch (fault.kind) {
    case fault_kind::hang: return only_end(ending::hang);
    case fault_kind::reset_before:
    case fault_kind::reset_after: return only_end(ending::reset);
    case fault_kind::drop_after: return only_end(ending::close);
    case fault_kind::tls_eof: return only_end(ending::cut);
    case fault_kind::html: return html_page(what);
    case fault_kind::status: return bare_status(what);
    case fault_kind::garbage: return one_piece(fault.bytes, ending::close);
    case fault_kind::body: return other_body(what);
    case fault_kind::reset_mid_body: return half_a_body(what);
    case fault_kind::slow_trickle: return trickle(what);
    case fault_kind::idle_close: {
        delivery out = one_piece(what.whole(), ending::close);
        out.linger = fault.pause;
        return out;
    }
    case fault_kind::no_content_length: return without_length(what);
    case fault_kind::wrong_content_length: return wrong_length(what);
    case fault_kind::chunked: return in_chunks(what);
    case fault_kind::big_trailer:
        return one_piece(
            chunked_up_to_last(what) + "0\r\n" + padding_fields(trailer_bytes) + "\r\n", what.usual_end());
    case fault_kind::big_headers: return with_fields(what, padding_fields(header_bytes), made.body);
    case fault_kind::gzip: return with_fields(what, "Content-Encoding: gzip\r\n", gzip_stored(made.body));
    case fault_kind::interim: return interim_first(what);
    case fault_kind::two_responses: return two_answers(what);
    case fault_kind::bad_signature: // made so beforehand
    case fault_kind::other_certificate:
    case fault_kind::old_answer:
    case fault_kind::other_appid:
    case fault_kind::unsigned_answer:
    case fault_kind::undecipherable:
    case fault_kind::repeated_answer:
    case fault_kind::errcode:
    case fault_kind::latency:
    case fault_kind::refuse_accept:
    case fault_kind::tls_stall:
    case fault_kind::wrong_certificate: break;
    }
    return one_piece(what.whole(), what.usual_end());
}

} // namespace wxlogind::wechat_sim
