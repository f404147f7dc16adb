// [data-chooses="id"]: whoever fills this in means the choice beside it, so that one is taken.
document.addEventListener("input", (event) => {
  const choice = event.target.dataset?.chooses && document.getElementById(event.target.dataset.chooses);
  if (choice) choice.checked = true;
});
