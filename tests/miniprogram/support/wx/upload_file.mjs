// wx.uploadFile: one file as multipart/form-data; what comes back is text, whatever it is.
import { randomBytes } from "node:crypto";
import { fail, succeed } from "./callbacks.mjs";
import { headersOf, run } from "./request.mjs";

const types = { png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp" };

function multipart(boundary, { name, fileName, content, formData }) {
  const parts = Object.entries(formData).map(([field, value]) =>
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${String(value)}\r\n`));
  const type = types[fileName.split(".").pop()] ?? "application/octet-stream";
  parts.push(Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${fileName}"\r\n` +
    `Content-Type: ${type}\r\n\r\n`));
  parts.push(content, Buffer.from(`\r\n--${boundary}--\r\n`));
  return Buffer.concat(parts);
}

export function uploadFile(phone, channel, options) {
  const content = phone.files.get(options.filePath);
  if (content === undefined) return void fail(options, "uploadFile", "file doesn't exist");
  const boundary = `----WeChat${randomBytes(12).toString("hex")}`;
  const headers = {
    ...headersOf(phone, options.header ?? {}, ""),
    "content-type": `multipart/form-data; boundary=${boundary}`,
  };
  const fileName = options.filePath.split("/").pop();
  const body = multipart(boundary, { name: options.name, fileName, content, formData: options.formData ?? {} });
  const message = { url: options.url, method: "POST", headers, body };
  return run(phone, channel, "uploadFile", options, message, ({ statusCode, header, body: answer }) => {
    succeed(options, "uploadFile", { data: answer.toString("utf8"), statusCode, header });
  });
}
