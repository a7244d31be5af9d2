#include "core/wechat/api_protection.hpp"

#include "core/base/api_keys_check.hpp"
#include "core/base/encoding.hpp"
#include "core/base/json_reading.hpp"
#include "core/base/json_text.hpp"
#include "core/base/log.hpp"
#include "core/base/random.hpp"
#include "core/wechat/api_reply.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace wxlogind::wechat {

namespace {

// What WeChat signs, wherever base_url leads.
constexpr std::string_view signed_origin{"https://api.weixin.qq.com"};
constexpr std::size_t nonce_bytes = 16;

// Of the calls that WeChat's list names, those that are made here.
constexpr std::array<std::string_view, 3> covered_paths{
    "/wxa/business/getuserphonenumber", "/wxa/business/getuserencryptkey", "/wxa/msg_sec_check"};

// "" when it is not there once.
std::string_view only(std::span<const net::response_field> fields, std::string_view name) {
    std::string_view found;
    for (const net::response_field& each : fields) {
        if (each.name != name) continue;
        if (!found.empty()) return {};
        found = each.value;
    }
    return found;
}

std::optional<unix_seconds> parse_seconds(std::string_view text) {
    std::int64_t seconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    // Far enough from the ends to be subtracted from.
    constexpr std::int64_t most = std::int64_t{1} << 40;
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size() || seconds < 0 ||
        seconds > most)
        return std::nullopt;
    return unix_seconds{std::chrono::seconds{seconds}};
}

void append_member(std::string& to, std::string_view name, std::string_view value) {
    to += ',';
    append_json_string(to, name);
    to += ':';
    append_json_string(to, value);
}

// The parameters of a query as members of a JSON object.
void append_query(std::string& to, std::string_view query) {
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        append_member(to, pair.substr(0, equals), percent_decode(pair.substr(equals + 1)).value());
    }
}

// The members of a JSON object, as they are written.
void append_members(std::string& to, std::string_view object) {
    if (object.size() <= 2) return;
    to += ',';
    to += object.substr(1, object.size() - 2);
}

} // namespace

// Why an answer is not believed, and what there is to do about it.
struct api_protection::reason {
    std::string_view why;
    std::string_view check;
    errc problem{errc::wechat_bad_answer};

    static const reason not_signed, another_certificate, wrong_signature, another_app, another_time,
        not_encrypted, repeated;
};

constexpr api_protection::reason api_protection::reason::not_signed{
    "WeChat's answer is not signed",
    "whether the API signature is switched on for this app at mp.weixin.qq.com, and what stands between"};
constexpr api_protection::reason api_protection::reason::another_certificate{
    "WeChat's answer is signed with a certificate that is not configured",
    "mp.weixin.qq.com: put its certificate and number into api_certificate_file and _number, and reload",
    errc::wechat_misconfigured};
constexpr api_protection::reason api_protection::reason::wrong_signature{
    "the signature of WeChat's answer is wrong",
    "whether api_certificate_file is the certificate of api_certificate_number; if so, somebody between "
    "changes answers"};
constexpr api_protection::reason api_protection::reason::another_app{
    "WeChat's answer is to another app", "wechat.base_url and what stands between: answers are mixed up"};
constexpr api_protection::reason api_protection::reason::another_time{
    "WeChat's answer is more than 300 s off this server's time",
    "this server's clock; if it is right, somebody between repeats old answers"};
constexpr api_protection::reason api_protection::reason::not_encrypted{
    "WeChat's answer cannot be decrypted",
    "whether api_key_file and api_key_number are the symmetric key that mp.weixin.qq.com shows now",
    errc::wechat_misconfigured};
constexpr api_protection::reason api_protection::reason::repeated{
    "WeChat's answer was here before", "what stands between: somebody repeats answers"};

// Of an answer: who signed what, when. Views of its fields.
struct api_protection::proof {
    explicit proof(std::span<const net::response_field> fields)
        : appid{only(fields, "Wechatmp-Appid")},
          at{parse_seconds(only(fields, "Wechatmp-TimeStamp"))},
          serial{only(fields, "Wechatmp-Serial")},
          signature{only(fields, "Wechatmp-Signature")},
          old_serial{only(fields, "Wechatmp-Serial-Deprecated")},
          old_signature{only(fields, "Wechatmp-Signature-Deprecated")} {}

    [[nodiscard]] bool is_there() const noexcept { return !signature.empty() || !old_signature.empty(); }

    std::string_view appid;
    std::optional<unix_seconds> at;
    std::string_view serial;
    std::string_view signature;
    // While WeChat goes over to another certificate: the same with the one before.
    std::string_view old_serial;
    std::string_view old_signature;
};

api_protection::api_protection(std::string appid, api_key_settings keys)
    : appid_{std::move(appid)},
      keys_{std::move(keys)},
      key_{.number = keys_.key_number, .bytes = symmetric_key_of(keys_)},
      signer_{keys_.private_key},
      wechat_{keys_.certificate} {
    if (key_.bytes.empty()) throw std::invalid_argument{"the symmetric key is not base64 of 32 bytes"};
}

bool api_protection::is_of(const api_key_settings& keys) const noexcept {
    return keys_.key.reveal() == keys.key.reveal() && keys_.key_number == keys.key_number &&
           keys_.private_key.reveal() == keys.private_key.reveal() &&
           keys_.private_key_number == keys.private_key_number && keys_.certificate == keys.certificate &&
           keys_.certificate_number == keys.certificate_number;
}

bool api_protection::covers(std::string_view path) noexcept {
    return std::ranges::find(covered_paths, path) != covered_paths.end();
}

api_envelope api_protection::envelope_of(const api_call& what, unix_seconds at) const {
    return {std::string{signed_origin} + std::string{what.path}, appid_, at};
}

api_protection::request api_protection::protect(const api_call& what, unix_seconds now) const {
    const api_envelope about = envelope_of(what, now);
    const std::string seconds = std::to_string(now.time_since_epoch().count());
    std::string plain{R"({"_n":")"};
    plain.reserve(256 + 2 * what.query.size() + what.body.reveal().size()); // never grows: no copies
    plain += base64url_encode(random_bytes(nonce_bytes));
    plain += R"(","_appid":")";
    plain += appid_;
    plain += R"(","_timestamp":)";
    plain += seconds;
    append_query(plain, what.query);
    append_members(plain, what.body.reveal());
    plain += '}';
    const secret wiped{std::move(plain)};

    request made;
    made.body = encrypt_api_body(key_, about, wiped.reveal());
    made.fields = "Wechatmp-Appid: " + appid_ + "\r\nWechatmp-TimeStamp: " + seconds + "\r\n";
    if (!keys_.private_key_number.empty())
        made.fields += "Wechatmp-Serial: " + keys_.private_key_number + "\r\n";
    made.fields +=
        "Wechatmp-Signature: " + base64_encode(signer_.sign(text_to_sign(about, made.body))) + "\r\n";
    return made;
}

failure api_protection::distrust(const api_call& what, const reason& why) const {
    log_error(
        "an answer of WeChat's is not believed: the call failed",
        {{"appid", appid_}, {"path", what.path}, {"why", why.why}, {"check", why.check}});
    return {why.problem, std::string{why.why}};
}

// nullptr: WeChat has signed it.
const api_protection::reason* api_protection::find_fault(
    const proof& given, const api_envelope& about, std::string_view body, unix_seconds now) const {
    if (given.appid != appid_) return &reason::another_app;
    if (std::chrono::abs(now - about.at) > longest_age) return &reason::another_time;
    const bool is_new_one = given.serial == keys_.certificate_number;
    if (!is_new_one && given.old_serial != keys_.certificate_number) return &reason::another_certificate;
    const auto signature = base64_decode(is_new_one ? given.signature : given.old_signature);
    if (!signature || !wechat_.verify(text_to_sign(about, body), *signature)) return &reason::wrong_signature;
    if (!is_new_one && !has_told_of_change_.exchange(true))
        log_warning(
            "WeChat is about to sign with another certificate only",
            {{"appid", appid_}, {"certificate", given.serial}, {"check", reason::another_certificate.check}});
    return nullptr;
}

bool api_protection::is_new(std::string_view plain, unix_seconds now) const {
    json_document document{"answer"};
    const auto members = document.read(plain);
    if (!members) return false;
    const auto nonce = members->text("_n");
    if (!nonce || !*nonce || (*nonce)->empty()) return false;
    const std::lock_guard guard{lock_};
    return seen_.note(**nonce, now);
}

result<secret> api_protection::open(
    const api_call& what, std::span<const net::response_field> fields, std::string_view body,
    unix_seconds now) const {
    const auto plain_refusal = check_api_response(200, body, what.kind);
    const bool is_refusal = plain_refusal.has_error() && plain_refusal.error().wechat_errcode != 0;
    const proof given{fields};
    if (!given.is_there()) return is_refusal ? plain_refusal.error() : distrust(what, reason::not_signed);
    const api_envelope about = envelope_of(what, given.at.value_or(unix_seconds{}));
    if (const reason* const fault = find_fault(given, about, body, now)) return distrust(what, *fault);
    if (is_refusal) return plain_refusal.error();
    auto opened = decrypt_api_body(key_, about, body);
    if (!opened) return distrust(what, reason::not_encrypted);
    if (!is_new(opened->reveal(), now)) return distrust(what, reason::repeated);
    if (const auto checked = check_api_response(200, opened->reveal(), what.kind); !checked)
        return checked.error();
    return std::move(*opened);
}

} // namespace wxlogind::wechat
