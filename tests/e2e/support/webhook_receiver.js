// A receiver of webhooks that is not to be relied on, with the library of Standard Webhooks: it verifies each signature,
// and writes what it took to a file before it says so. usage: node webhook_receiver.js PORT SECRET FOLDER
//
// Of every 40 requests some are dropped, before or after they were taken, delayed, or answered 500 or 429, unless there is a
// file "calm" in the folder; while there is a file "gone", they are answered 410.
const fs = require("fs");
const http = require("http");
const path = require("path");
const { Webhook } = require("standardwebhooks");

const [port, secret, folder] = process.argv.slice(2);
const webhook = new Webhook(secret);
const taken = fs.openSync(path.join(folder, "taken"), "a");
const did = fs.openSync(path.join(folder, "did"), "a");
const plan = { 7: "500", 14: "drop", 21: "429", 28: "take and drop", 35: "delay", 39: "take and 500" };
let asked = 0;

function take(body, request) {
    let event;
    try {
        event = webhook.verify(body, request.headers);
    } catch (error) {
        fs.writeSync(taken, JSON.stringify({ bad: String(error) }) + "\n");
        return false;
    }
    fs.writeSync(taken, JSON.stringify({ id: request.headers["webhook-id"], event }) + "\n");
    return true;
}

function answer(response, status, fields = {}) {
    response.writeHead(status, fields);
    response.end();
}

const answers = {
    "500": (body, request, response) => answer(response, 500),
    "429": (body, request, response) => answer(response, 429, { "Retry-After": "1" }),
    "drop": (body, request) => request.socket.destroy(),
    "take and drop": (body, request) => take(body, request) && request.socket.destroy(),
    "take and 500": (body, request, response) => take(body, request) && answer(response, 500),
    "delay": (body, request, response) => setTimeout(() => answers.take(body, request, response), 300),
    "take": (body, request, response) => answer(response, take(body, request) ? 204 : 401),
};

http.createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
        if (fs.existsSync(path.join(folder, "gone")))
            return answer(response, 410);
        const what = (!fs.existsSync(path.join(folder, "calm")) && plan[++asked % 40]) || "take";
        fs.writeSync(did, what + "\n");
        return answers[what](Buffer.concat(parts).toString(), request, response);
    });
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
