/** Every sentence the widget shows, in both languages. */
export const WORDS = {
  zh: {
    locale: "zh-CN",
    launcher: "在线客服",
    unread: (n) => `在线客服，${n} 条新消息`,
    title: "威雅电器 售后热线",
    online: "在线 · 人工 08:00–18:00",
    connecting: "正在连接…",
    warming: "机器人准备中，可先留言",
    down: "机器人暂时离线，可先留言",
    waiting: "正在为您转接客服…",
    human: (name) => `客服${name}正在服务`,
    closed: "本次对话已结束",
    closedHint: "对话已结束；如需帮助，可在右上角开始新对话。",
    otherLanguage: "EN",
    switchTo: "EN，切换到英文",
    menu: "更多",
    close: "收起对话",
    fresh: "开始新对话",
    freshAsk: "开始新的对话？",
    freshWhy: "当前聊天记录将不再显示；已登记的工单和预约不受影响。",
    cancel: "取消",
    log: "聊天记录",
    input: "输入消息",
    placeholder: "请描述您的问题…",
    send: "发送",
    tooLong: (n) => `已超出 ${n} 字，请缩短后发送`,
    picture: "添加图片",
    pictureOf: "图片",
    dropHere: "松开鼠标，发送图片",
    uploading: (percent) => `上传中 ${percent}%`,
    too_large: "图片太大，最大 10 MB",
    picture_too_large: "图片太大，最大 10 MB",
    too_many_pixels: "图片像素太多，请发小一点的",
    not_a_picture: "只能发送 JPEG、PNG 或 WebP 照片",
    wrong_suffix: "文件名与内容不符，请重新拍照发送",
    disguised: "这个文件不只是图片，请重新拍照发送",
    damaged_picture: "图片已损坏，请重新拍照发送",
    empty_picture: "文件是空的",
    too_many: "发送太频繁，请稍后再试",
    you: "您",
    bot: "智能助手",
    agent: (name) => (name ? `客服 ${name}` : "客服"),
    colon: "：",
    typing: "对方正在输入",
    sending: "发送中…",
    failed: "发送失败",
    refused: "未能发送",
    retry: "重试",
    reconnecting: "正在重新连接…",
    offline: "网络已断开，恢复后会自动发送",
    newMessages: "新消息",
    expired: "之前的对话已过期，我们为您开启了新的对话。",
    today: "今天",
    yesterday: "昨天",
    zone: "北京时间",
    asks: {
      phone: "请输入联系电话…",
      address: "省、市、区、街道、门牌号…",
      name: "请问怎么称呼您…",
      model: "如 铭牌上的型号…",
      ticket_no: "如 WY261124-0001…",
    },
  },
  en: {
    locale: "en",
    launcher: "Chat with us",
    unread: (n) => `Chat with us, ${n} new ${n === 1 ? "message" : "messages"}`,
    title: "Weiya after-sales hotline",
    online: "Online · staffed 08:00–18:00",
    connecting: "Connecting…",
    warming: "Assistant is getting ready…",
    down: "Assistant is away, do write",
    waiting: "Finding a colleague for you…",
    human: (name) => (name ? `${name} is helping you` : "A colleague is helping you"),
    closed: "This conversation has ended",
    closedHint: "This conversation has ended; start a new one at the top right.",
    otherLanguage: "中文",
    switchTo: "中文 (switch to Chinese)",
    menu: "More",
    close: "Minimise chat",
    fresh: "New conversation",
    freshAsk: "Start a new conversation?",
    freshWhy: "This chat will no longer be shown. Your tickets and appointments stay as they are.",
    cancel: "Cancel",
    log: "Conversation",
    input: "Your message",
    placeholder: "Tell us what is wrong…",
    send: "Send",
    tooLong: (n) => `${n} characters too long to send`,
    picture: "Add a picture",
    pictureOf: "Picture",
    dropHere: "Drop to send the picture",
    uploading: (percent) => `Uploading ${percent}%`,
    too_large: "Too large: 10 MB at most",
    picture_too_large: "Too large: 10 MB at most",
    too_many_pixels: "Too many pixels: send a smaller one",
    not_a_picture: "Send a photo as JPEG, PNG or WebP",
    wrong_suffix: "Name and content differ: take a new photo",
    disguised: "This is more than a picture: take a new photo",
    damaged_picture: "The picture is damaged: take a new photo",
    empty_picture: "The file is empty",
    too_many: "Too many at once; try again later",
    you: "You",
    bot: "Assistant",
    agent: (name) => name || "Service colleague",
    colon: ": ",
    typing: "Typing",
    sending: "Sending…",
    failed: "Not sent",
    refused: "Could not be sent",
    retry: "Retry",
    reconnecting: "Reconnecting…",
    offline: "You are offline; we send it when you are back",
    newMessages: "New messages",
    expired: "Your earlier conversation has expired, so we opened a new one.",
    today: "Today",
    yesterday: "Yesterday",
    zone: "Beijing time",
    asks: {
      phone: "Your phone number…",
      address: "Province, city, district, street, number…",
      name: "Your name…",
      model: "The model on the rating plate…",
      ticket_no: "For example WY261124-0001…",
    },
  },
};

/** The widget's language for a tag such as "zh-CN" or "en-GB"; null for a missing one. */
export function languageOf(tag) {
  return tag ? (/^zh\b/i.test(tag) ? "zh" : "en") : null;
}

/** The hotline's zone (data/calendar.yaml): its promises, texts and people speak of times in it, so the chat does. */
export const ZONE = "Asia/Shanghai";
const DATES = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, dateStyle: "short" });

/** "14:05" at the hotline. */
export function clock(words, date) {
  const told = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: ZONE };
  return date.toLocaleTimeString(words.locale, told);
}

/** "2026-11-27": the day it is at the hotline. */
export function dateOf(date) {
  return DATES.format(date);
}

/** "今天", "Yesterday" or the date in words; whoever's clock shows another time is told whose it is. */
export function day(words, date) {
  const age = (Date.parse(dateOf(new Date())) - Date.parse(dateOf(date))) / 864e5;
  const told = { month: "long", day: "numeric", weekday: "short", timeZone: ZONE };
  const name = [words.today, words.yesterday][age] ?? date.toLocaleDateString(words.locale, told);
  const isSameHere = date.toLocaleTimeString("en", { timeZone: ZONE }) === date.toLocaleTimeString("en");
  return isSameHere ? name : `${name} · ${words.zone}`;
}
