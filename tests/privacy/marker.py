"""The person who must be found nowhere: no word of theirs stands in anything the program brings."""

NAME = "Wilhelmina Quetzalcoatl"
EMAIL = "wq.marker@zyxwvut-post.example"
