"""The yardstick: a page that reads the session and the user's row, and says hello. Run by `bench/pages.py`."""

import sys

from flask import Flask, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Mapped, mapped_column
from waitress import serve

app = Flask(__name__)
app.config.update(SECRET_KEY="a yardstick's key", SQLALCHEMY_DATABASE_URI=f"sqlite:///{sys.argv[2]}")
db, login = SQLAlchemy(app), LoginManager(app)


class User(db.Model, UserMixin):  # type: ignore[name-defined,misc]
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


login.user_loader(lambda user: db.session.get(User, int(user)))
app.add_url_rule("/", "hello", lambda: f"Hello {current_user.name}, {len(session)}")
app.add_url_rule("/in", "in", lambda: str(login_user(db.session.get(User, 1), remember=False)))

if __name__ == "__main__":
    with app.app_context():
        db.create_all()
        db.session.merge(User(id=1, name="Ada"))
        db.session.commit()
    serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=2, ident=None)
