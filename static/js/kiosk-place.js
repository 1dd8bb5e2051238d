// Where things stand in the page of templates/kiosk.html.

export const page = document.documentElement;
export const place = document.getElementById("kiosk");
export const sheet = document.getElementById("sheet"); // the one dialog
export const live = { polite: document.getElementById("polite"), now: document.getElementById("now") };
