#include "handlers/forms/multipart.hpp"

#include "tests/fuzz/multipart_property.hpp"
#include "tests/support/pictures.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::handlers;
using namespace wxlogind::test;

namespace {

const std::string boundary{upload_boundary};

// What the part holds, or "refused: why".
std::string read(std::string_view body) {
    const read_form form = read_in_pieces(boundary, body, 10, 10);
    return form.refusal.empty() ? form.content : "refused: " + form.refusal;
}

std::string boundary_in(std::string_view content_type) {
    const auto found = multipart_boundary(content_type);
    return found ? *found : "refused";
}

} // namespace

BOOST_AUTO_TEST_SUITE(multipart)

BOOST_AUTO_TEST_CASE(the_part_is_given_byte_by_byte) {
    for (const std::string& content :
         {std::string{}, std::string{"\r\n"}, std::string{"\r\n--"}, "\r\n--" + boundary.substr(0, 10),
          std::string{"--"} + boundary, png(3, 2, 5000), std::string(300, '\r')})
        BOOST_TEST((read(upload_of(content)) == content));
}

BOOST_AUTO_TEST_CASE(other_fields_before_and_behind_it_are_skipped) {
    BOOST_TEST(
        read(form_part("a", "x") + form_part("avatar", "picture") + form_part("b", "") + form_end()) ==
        "picture");
}

BOOST_AUTO_TEST_CASE(what_clients_write_differently_is_the_same) {
    const std::string part =
        "--" + boundary + "\r\ncontent-disposition:form-data;name=avatar; filename=a.png\r\n\r\nx\r\n";
    BOOST_TEST(read(part + "--" + boundary + "--") == "x");
    BOOST_TEST(read("\r\n" + part + form_end()) == "x");
    BOOST_TEST(read(form_part("avatar", "x", R"(; filename="a;b\"c.png")") + form_end()) == "x");
    BOOST_TEST(read(form_part("avatar", "x", "\r\nContent-Transfer-Encoding: binary") + form_end()) == "x");
}

BOOST_AUTO_TEST_CASE(what_is_malformed_is_refused_and_said) {
    const std::string good = upload_of("x");
    const std::pair<std::string, std::string_view> bad[] = {
        {"", "body: is cut off"},
        {good.substr(0, good.size() - 4), "body: is cut off"},
        {"preamble" + good, "body: does not begin with the boundary of its Content-Type"},
        {good + "x", "body: something behind the last boundary"},
        {good + "\r\n", "body: something behind the last boundary"},
        {"--" + boundary + " \r\n", "body: a boundary with something behind it"},
        {form_part("picture", "x") + form_end(), "avatar: missing"},
        {form_end(), "avatar: missing"},
        {form_part("avatar", "x") + upload_of("y"), "avatar: given more than once"},
        {form_part("avatar", "x", "; name=\"b\"") + form_end(),
         "body: a part that is no form-data with a name"},
        {"--" + boundary + "\r\nContent-Type: image/png\r\n\r\nx\r\n" + form_end(),
         "body: a part without Content-Disposition"},
        {"--" + boundary + "\r\nContent-Disposition: attachment; name=\"avatar\"\r\n\r\nx\r\n" + form_end(),
         "body: a part that is no form-data with a name"},
        {form_part("avatar", "x", "\r\nContent-Disposition: form-data; name=\"b\"") + form_end(),
         "body: a part with two Content-Dispositions"},
        {form_part("avatar", "x", "\r\nContent-Transfer-Encoding: base64") + form_end(),
         "body: a part with a transfer encoding"},
        {form_part("avatar", "x", "\r\n folded") + form_end(), "body: a part's header is malformed"},
        {form_part("avatar", "x", "\r\nX: " + std::string(2048, 'x')) + form_end(),
         "body: a part's header over 2 KiB"},
    };
    for (const auto& [body, why] : bad)
        BOOST_TEST_CONTEXT(body) BOOST_TEST(read(body) == "refused: " + std::string{why});
    std::string many;
    for (int i = 0; i < 17; ++i) many += form_part("n", "");
    BOOST_TEST(read(many + form_end()) == "refused: body: over 16 parts");
}

BOOST_AUTO_TEST_CASE(the_boundary_stands_in_the_content_type) {
    BOOST_TEST(boundary_in("multipart/form-data; boundary=abc") == "abc");
    BOOST_TEST(boundary_in("Multipart/Form-Data;charset=utf-8;Boundary=\"a b?c\"") == "a b?c");
    for (const std::string& type :
         {std::string{""}, std::string{"application/json"}, std::string{"multipart/mixed; boundary=a"},
          std::string{"multipart/form-data"}, std::string{"multipart/form-data; boundary="},
          std::string{"multipart/form-data; boundary=\"\""},
          std::string{"multipart/form-data; boundary=a; boundary=b"},
          std::string{"multipart/form-data; boundary=\"a"},
          std::string{"multipart/form-data; boundary=\"a \""},
          std::string{"multipart/form-data; boundary=\"a\\\"b\""},
          "multipart/form-data; boundary=" + std::string(71, 'a')})
        BOOST_TEST_CONTEXT(type) BOOST_TEST(boundary_in(type) == "refused");
}

BOOST_AUTO_TEST_SUITE_END()
