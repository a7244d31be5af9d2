#include "tests/net/request_vectors.hpp"

#include <string_view>

namespace wxlogind::test {

namespace {

using std::string;
using namespace std::string_literals;

constexpr errc taken{};
constexpr errc malformed = errc::invalid_request;

string get(const string& fields) {
    return "GET / HTTP/1.1\r\n" + fields + "\r\n";
}
string get_h(const string& fields) {
    return get("Host: h\r\n" + fields);
}
string line(const string& request_line) {
    return request_line + "\r\nHost: h\r\n\r\n";
}
string target(const string& text) {
    return line("GET " + text + " HTTP/1.1");
}
string post(const string& fields, const string& rest = "") {
    return "POST /login HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + rest;
}
string many_fields(int count) {
    string out;
    for (int i = 0; i < count; ++i) out += "X-" + std::to_string(i) + ": 1\r\n";
    return out;
}
// A GET whose header block has exactly `size` bytes.
string head_of(std::size_t size) {
    const string without = get_h("X: \r\n");
    return get_h("X: " + string(size - without.size(), 'x') + "\r\n");
}

std::vector<request_vector> make_vectors() {
    std::vector<request_vector> all{
        // Taken.
        {"plain GET", get_h(""), taken},
        {"HEAD", line("HEAD / HTTP/1.1"), taken},
        {"DELETE without a body", line("DELETE /me HTTP/1.1"), taken},
        {"OPTIONS of a path", line("OPTIONS /login HTTP/1.1"), taken},
        {"OPTIONS of the server", line("OPTIONS * HTTP/1.1"), taken},
        {"POST with a body", post("Content-Length: 2\r\n", "{}"), taken},
        {"POST of nothing", post("Content-Length: 0\r\n"), taken},
        {"PUT", "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx", taken},
        {"PATCH", "PATCH /me HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx", taken},
        {"GET with a body", get_h("Content-Length: 1\r\n") + "x", taken},
        {"body with line ends and NUL", post("Content-Length: 8\r\n", "\r\n\r\n\0\n\r\x80"s), taken},
        {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", taken},
        {"HTTP/1.0 with Host", "GET / HTTP/1.0\r\nHost: h\r\n\r\n", taken},
        {"one empty line before", "\r\n" + get_h(""), taken},
        {"empty value", get_h("X-A:\r\n"), taken},
        {"value without a space before", get_h("X-A:1\r\n"), taken},
        {"white space around a value", get_h("X-A: \t 1 \t\r\n"), taken},
        {"tab within a value", get_h("X-A: a\tb\r\n"), taken},
        {"obs-text in a value", get_h("X-A: \xe5\xbe\xae\r\n"), taken},
        {"every token character in a name", get_h("!#$%&'*+-.^_`|~09azAZ: 1\r\n"), taken},
        {"underscore in a name of their own", get_h("session_id: 1\r\n"), taken},
        {"query with odd but visible characters", target("/a?b={\"c\":[1]}|^`<>\\"), taken},
        {"double slash", target("//evil/path"), taken},
        {"Host with a port", get("Host: example.com:8080\r\n"), taken},
        {"Host with an empty port", get("Host: example.com:\r\n"), taken},
        {"Host as IPv4", get("Host: 192.0.2.1\r\n"), taken},
        {"Host as IPv6", get("Host: [2001:db8::1]:80\r\n"), taken},
        {"Expect", post("Expect: 100-continue\r\nContent-Length: 1\r\n", "x"), taken},
        {"Expect in capitals", post("EXPECT: 100-CONTINUE\r\nContent-Length: 1\r\n", "x"), taken},
        {"Content-Length with zeros before", post("Content-Length: 0002\r\n", "{}"), taken},
        {"one Authorization", get_h("Authorization: Bearer x\r\n"), taken},
        // That they count for nothing is decided where tokens are looked at.
        {"two Authorization", get_h("Authorization: Bearer a\r\nauthorization: Bearer a\r\n"), taken},
        {"64 fields", get_h(many_fields(63)), taken},
        {"header of exactly the limit", head_of(8192), taken},
        {"target of exactly the limit", target("/" + string(2047, 'a')), taken},
        {"body of exactly the limit", post("Content-Length: 16384\r\n", string(16384, 'x')), taken},
        {"Connection: upgrade is not followed", get_h("Connection: upgrade\r\nUpgrade: h2c\r\n"), taken},

        // The request line.
        {"nothing but line ends", "\r\n\r\n", malformed},
        {"two empty lines before", "\r\n\r\n" + get_h(""), malformed},
        {"bare CR before", "\rGET / HTTP/1.1\r\nHost: h\r\n\r\n", malformed},
        {"bare LF before", "\n" + get_h(""), malformed},
        {"space before", " " + get_h(""), malformed},
        {"NUL before", "\0"s + get_h(""), malformed},
        {"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, malformed},
        {"HTTP/0.9", "GET /\r\n\r\n", malformed},
        {"no target", line("GET HTTP/1.1"), malformed},
        {"two spaces", line("GET  / HTTP/1.1"), malformed},
        {"two spaces before the version", line("GET /  HTTP/1.1"), malformed},
        {"tab for a space", line("GET\t/ HTTP/1.1"), malformed},
        {"space after the version", line("GET / HTTP/1.1 "), malformed},
        {"fourth word", line("GET / x HTTP/1.1"), malformed},
        {"version in lower case", line("GET / http/1.1"), malformed},
        {"version without a minor number", line("GET / HTTP/1"), malformed},
        {"version with two digits", line("GET / HTTP/1.10"), malformed},
        {"version with a comma", line("GET / HTTP/1,1"), malformed},
        {"HTTP/2.0", line("GET / HTTP/2.0"), errc::http_version},
        {"HTTP/1.2", line("GET / HTTP/1.2"), errc::http_version},
        {"HTTP/0.9 spelled out", line("GET / HTTP/0.9"), errc::http_version},
        {"preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", errc::http_version},
        {"method in lower case", line("get / HTTP/1.1"), errc::not_implemented},
        {"TRACE", line("TRACE / HTTP/1.1"), errc::not_implemented},
        {"CONNECT", line("CONNECT example.com:443 HTTP/1.1"), errc::not_implemented},
        {"unknown method", line("BREW / HTTP/1.1"), errc::not_implemented},
        {"known method with a tail", line("GETT / HTTP/1.1"), errc::not_implemented},
        {"method that is no token", line("G@T / HTTP/1.1"), malformed},

        // The target.
        {"absolute form", target("http://h/login"), malformed},
        {"absolute form of https", target("https://h/"), malformed},
        {"relative form", target("login"), malformed},
        {"authority form", target("h:80"), malformed},
        {"asterisk with GET", target("*"), malformed},
        {"asterisk and more", line("OPTIONS *x HTTP/1.1"), malformed},
        {"fragment", target("/a#b"), malformed},
        {"fragment in the query", target("/a?b#c"), malformed},
        {"byte above ASCII", target("/\xe5\xbe\xae"), malformed},
        {"byte 0x80", target("/\x80"), malformed},
        {"byte 0xff", target("/\xff"), malformed},
        {"DEL", target("/\x7f"), malformed},
        {"NUL in the target", target("/a\0b"s), malformed},
        {"escape in the target", target("/\x1b"), malformed},
        {"bare CR in the target", target("/a\rb"), malformed},
        {"target over the limit", target("/" + string(2048, 'a')), errc::uri_too_long},
        {"target over the limit, and its line", target("/" + string(2200, 'a')), errc::uri_too_long},
        {"9 KB target", target("/" + string(9000, 'a')), errc::uri_too_long},
        {"endless target", "GET /" + string(30000, 'a'), errc::uri_too_long},

        // Lines.
        {"bare LF after the request line", "GET / HTTP/1.1\nHost: h\r\n\r\n", malformed},
        {"bare LF after a field", "GET / HTTP/1.1\r\nHost: h\n\r\n", malformed},
        {"bare LF at the end", "GET / HTTP/1.1\r\nHost: h\r\n\n", malformed},
        {"LF all over", "GET / HTTP/1.1\nHost: h\n\n", malformed},
        {"bare CR for a line end", "GET / HTTP/1.1\rHost: h\r\r\n\r\n", malformed},
        {"two CR before LF", "GET / HTTP/1.1\r\nHost: h\r\r\n\r\n", malformed},
        {"bare CR in a value", get_h("X-A: a\rb\r\n"), malformed},
        {"bare CR in a name", get_h("X-\rA: b\r\n"), malformed},
        {"NUL in a value", get_h("X-A: a\0b\r\n"s), malformed},
        {"NUL in a name", get_h("X\0A: b\r\n"s), malformed},
        {"control character in a value", get_h("X-A: a\x01\r\n"), malformed},
        {"DEL in a value", get_h("X-A: a\x7f\r\n"), malformed},
        {"LF in a value", get_h("X-A: a\nb: c\r\n"), malformed},
        {"folded with a space", get_h("X-A: a\r\n b\r\n"), malformed},
        {"folded with a tab", get_h("X-A: a\r\n\tb\r\n"), malformed},
        {"folded to an empty line", get_h("X-A: a\r\n \r\n"), malformed},
        {"folded after the request line", "GET / HTTP/1.1\r\n Host: h\r\nHost: h\r\n\r\n", malformed},
        {"folded Content-Length", post("Content-Length:\r\n 2\r\n", "{}"), malformed},
        {"folded Transfer-Encoding", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), malformed},
        {"folded Host", get("Host:\r\n h\r\n"), malformed},

        // Fields.
        {"space before the colon", get_h("X-A : 1\r\n"), malformed},
        {"tab before the colon", get_h("X-A\t: 1\r\n"), malformed},
        {"space before the colon of Host", get("Host : h\r\n"), malformed},
        {"space before the colon of Content-Length", post("Content-Length : 2\r\n", "{}"), malformed},
        {"space in a name", get_h("X A: 1\r\n"), malformed},
        {"no name", get_h(": 1\r\n"), malformed},
        {"no colon", get_h("X-A\r\n"), malformed},
        {"name above ASCII", get_h("X-\xe9: 1\r\n"), malformed},
        {"name in quotes", get_h("\"X\": 1\r\n"), malformed},
        {"65 fields", get_h(many_fields(64)), errc::header_fields_too_large},
        {"1000 fields", get_h(many_fields(1000)), errc::header_fields_too_large},
        {"header over the limit by one", head_of(8193), errc::header_fields_too_large},
        {"header over the limit by far", head_of(40000), errc::header_fields_too_large},
        {"name without end", "GET / HTTP/1.1\r\n" + string(30000, 'a'), errc::header_fields_too_large},
        {"underscore in Content-Length", post("Content_Length: 2\r\n", "{}"), malformed},
        {"underscore beside Content-Length", post("Content_Length: 9\r\nContent-Length: 2\r\n", "{}"),
         malformed},
        {"underscore in Transfer-Encoding", post("Transfer_Encoding: chunked\r\nContent-Length: 0\r\n"),
         malformed},
        {"underscores in X-Forwarded-For", get_h("X_Forwarded-For: 1.2.3.4\r\n"), malformed},
        {"underscores in X-Request-Id", get_h("X_REQUEST_ID: 1\r\n"), malformed},
        {"two Content-Type",
         post("Content-Type: text/plain\r\nContent-Type: application/json\r\nContent-Length: 0\r\n"),
         malformed},

        // Host.
        {"no Host", get(""), malformed},
        {"two Host", get("Host: a\r\nHost: b\r\n"), malformed},
        {"two equal Host", get("Host: h\r\nhost: h\r\n"), malformed},
        {"two Host on HTTP/1.0", "GET / HTTP/1.0\r\nHost: h\r\nHost: h\r\n\r\n", malformed},
        {"empty Host", get("Host:\r\n"), malformed},
        {"Host with a slash", get("Host: h/x\r\n"), malformed},
        {"Host with user information", get("Host: a@h\r\n"), malformed},
        {"Host with a space", get("Host: a b\r\n"), malformed},
        {"Host with letters for a port", get("Host: h:http\r\n"), malformed},
        {"Host with two ports", get("Host: h:80:80\r\n"), malformed},
        {"Host with a port too long", get("Host: h:123456\r\n"), malformed},
        {"Host with an open bracket", get("Host: [::1\r\n"), malformed},
        {"Host with empty brackets", get("Host: []\r\n"), malformed},
        {"Host with text after the brackets", get("Host: [::1]x\r\n"), malformed},
        {"Host above ASCII", get("Host: h\xff\r\n"), malformed},
        {"Host with a question mark", get("Host: h?\r\n"), malformed},

        // How long the body is.
        {"POST without a length", post(""), errc::length_required},
        {"PUT without a length", line("PUT / HTTP/1.1"), errc::length_required},
        {"PATCH without a length", line("PATCH / HTTP/1.1"), errc::length_required},
        {"POST of HTTP/1.0 without a length", "POST / HTTP/1.0\r\n\r\n", errc::length_required},
        {"Content-Length list", post("Content-Length: 5,5\r\n", "12345"), malformed},
        {"Content-Length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "12345"), malformed},
        {"Content-Length differing", post("Content-Length: 5\r\nContent-Length: 6\r\n", "12345"), malformed},
        {"Content-Length with a plus", post("Content-Length: +3\r\n", "abc"), malformed},
        {"Content-Length with a minus", post("Content-Length: -1\r\n"), malformed},
        {"Content-Length in hexadecimal", post("Content-Length: 0x3\r\n", "abc"), malformed},
        {"Content-Length with a point", post("Content-Length: 3.0\r\n", "abc"), malformed},
        {"Content-Length empty", post("Content-Length:\r\n"), malformed},
        {"Content-Length with a space within", post("Content-Length: 1 0\r\n"), malformed},
        {"Content-Length with letters after a huge number",
         post("Content-Length: 99999999999999999999999x\r\n"), malformed},
        {"Content-Length over the limit", post("Content-Length: 16385\r\n"), errc::content_too_large},
        {"Content-Length of 2^64", post("Content-Length: 18446744073709551616\r\n"), errc::content_too_large},
        {"Content-Length of 2^64 + 2", post("Content-Length: 18446744073709551618\r\n", "{}"),
         errc::content_too_large},
        {"Content-Length of 200 digits", post("Content-Length: " + string(200, '9') + "\r\n"),
         errc::content_too_large},
        {"GET over the limit", get_h("Content-Length: 16385\r\n"), errc::content_too_large},

        // Transfer codings: none on a request.
        {"chunked", post("Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"), errc::length_required},
        {"chunked in capitals", post("TRANSFER-ENCODING: CHUNKED\r\n", "0\r\n\r\n"), errc::length_required},
        {"chunked, empty body", post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), errc::length_required},
        {"chunked, trailer of 70,000 bytes",
         post("Transfer-Encoding: chunked\r\n", "0\r\nX: " + string(70000, 'x') + "\r\n\r\n"),
         errc::length_required},
        {"chunked, trailers that would merge",
         post("Transfer-Encoding: chunked\r\n", "0\r\nAuthorization: Bearer x\r\nHost: evil\r\n\r\n"),
         errc::length_required},
        {"chunked, long extension",
         post("Transfer-Encoding: chunked\r\n", "1;" + string(30000, 'x') + "\r\na\r\n0\r\n\r\n"),
         errc::length_required},
        {"chunked before Content-Length",
         post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), errc::length_required},
        {"chunked after Content-Length",
         post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), errc::length_required},
        {"chunked on HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         errc::length_required},
        {"chunked with GET", get_h("Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", errc::length_required},
        {"gzip and Content-Length", post("Transfer-Encoding: gzip\r\nContent-Length: 2\r\n", "{}"),
         errc::not_implemented},
        {"gzip after chunked", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"),
         errc::not_implemented},
        {"gzip before chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
         errc::not_implemented},
        {"identity", post("Transfer-Encoding: identity\r\nContent-Length: 2\r\n", "{}"),
         errc::not_implemented},
        {"chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
         errc::not_implemented},
        {"chunked misspelt", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), errc::not_implemented},
        {"chunked with a vertical tab",
         post(
             "Transfer-Encoding: \x0b"
             "chunked\r\n",
             "0\r\n\r\n"),
         malformed},
        {"Transfer-Encoding empty", post("Transfer-Encoding:\r\nContent-Length: 2\r\n", "{}"),
         errc::not_implemented},

        // Expect.
        {"Expect of something else", post("Expect: 200-ok\r\nContent-Length: 0\r\n"),
         errc::expectation_failed},
        {"Expect of two things", post("Expect: 100-continue, x\r\nContent-Length: 0\r\n"),
         errc::expectation_failed},
        {"Expect twice", post("Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 0\r\n"),
         errc::expectation_failed},
        {"Expect of nothing", post("Expect:\r\nContent-Length: 0\r\n"), errc::expectation_failed},
    };
    return all;
}

} // namespace

const std::vector<request_vector>& request_vectors() {
    static const std::vector<request_vector> all = make_vectors();
    return all;
}

} // namespace wxlogind::test
